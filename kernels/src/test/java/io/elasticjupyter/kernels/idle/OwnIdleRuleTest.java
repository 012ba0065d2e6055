// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.idle;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.hibernation.HibernationSettings.IdleAction;
import io.elasticjupyter.kernels.hibernation.HibernationSettings.OnLoss;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnIdleRuleTest {

  private static final HibernationSettings HIBERNATES = HibernationSettings.defaults();

  private static IdleSettings idle(int seconds, int longestOwn) {
    return new IdleSettings(
        Duration.ofSeconds(seconds),
        Duration.ofSeconds(10),
        false,
        false,
        Duration.ZERO,
        Duration.ofSeconds(longestOwn));
  }

  private static Optional<String> beyond(String timeout, IdleSettings idle) {
    return OwnIdleRule.of(Map.of(OwnIdleRule.TIMEOUT, timeout)).beyond(idle, HIBERNATES);
  }

  @Test
  void whatIsAskedStandsBeforeWhatHoldsOtherwise() {
    OwnIdleRule rule =
        OwnIdleRule.of(
            Map.of(
                OwnIdleRule.TIMEOUT, "1.5",
                OwnIdleRule.ACTION, "delete",
                OwnIdleRule.ON_LOSS, "Keep-Running"));

    assertThat(rule.over(idle(60, 0)).timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(rule.over(HIBERNATES).action()).isEqualTo(IdleAction.DELETE);
    assertThat(rule.over(HIBERNATES).onLoss()).isEqualTo(OnLoss.KEEP_RUNNING);
    assertThat(OwnIdleRule.of(Map.of()).over(idle(60, 0))).isEqualTo(idle(60, 0));
    assertThat(OwnIdleRule.of(Map.of()).over(HIBERNATES)).isEqualTo(HIBERNATES);
  }

  @Test
  void aShorterTimeMayAlwaysBeAskedAndALongerWithinItsLimit() {
    assertThat(beyond("30", idle(60, 0))).isEmpty();
    assertThat(beyond("60", idle(60, 0))).isEmpty();
    assertThat(beyond("61", idle(60, 0)))
        .contains(
            "KERNEL_IDLE_TIMEOUT may be at most 60 seconds here, and not 0, which is for ever.");
    assertThat(beyond("600", idle(60, 600))).isEmpty();
    assertThat(beyond("601", idle(60, 600)).orElse("")).contains("at most 600 seconds");
    assertThat(beyond("0", idle(60, 600)).orElse("")).contains("not 0");
  }

  @Test
  void whereKernelsAreNeverIdleAnyTimeMayBeAsked() {
    assertThat(beyond("9999", idle(0, 0))).isEmpty();
    assertThat(beyond("0", idle(0, 0))).isEmpty();
  }

  @Test
  void whereKernelsAreEndedNoneMaySleep() {
    HibernationSettings ends = HIBERNATES.withAction(IdleAction.DELETE);
    OwnIdleRule sleeps = OwnIdleRule.of(Map.of(OwnIdleRule.ACTION, "hibernate"));

    assertThat(sleeps.beyond(idle(60, 0), ends).orElse("")).contains("KERNEL_IDLE_ACTION", "ended");
    assertThat(sleeps.beyond(idle(60, 0), HIBERNATES)).isEmpty();
    assertThat(OwnIdleRule.of(Map.of(OwnIdleRule.ACTION, "delete")).beyond(idle(60, 0), HIBERNATES))
        .isEmpty();
  }

  @Test
  void whatCannotBeReadIsNamedAndAsksForNothing() {
    for (String bad : new String[] {"soon", "-1", "1e9", "NaN"}) {
      Map<String, String> env = Map.of(OwnIdleRule.TIMEOUT, bad);
      assertThat(OwnIdleRule.unreadable(env))
          .contains("KERNEL_IDLE_TIMEOUT must be a number of seconds, 0 or more");
      assertThat(OwnIdleRule.of(env).timeout()).isEmpty();
    }
    assertThat(OwnIdleRule.unreadable(Map.of(OwnIdleRule.ACTION, "x")))
        .contains("KERNEL_IDLE_ACTION must be hibernate or delete");
    assertThat(OwnIdleRule.unreadable(Map.of(OwnIdleRule.ON_LOSS, "x")))
        .contains("KERNEL_IDLE_ON_LOSS must be proceed or keep-running");
    assertThat(OwnIdleRule.unreadable(Map.of(OwnIdleRule.TIMEOUT, " "))).isEmpty();
  }
}
