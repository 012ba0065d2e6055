// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.idle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.kernels.idle.IdlePolicy.Verdict;
import io.elasticjupyter.kernels.idle.IdlePolicy.Why;
import io.elasticjupyter.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdlePolicyTest {

  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  private final ManualClock clock = ManualClock.atNoon();

  private static IdleSettings settings(boolean connected, boolean busy, Duration minimum) {
    return new IdleSettings(TEN_MINUTES, Duration.ofSeconds(30), connected, busy, minimum);
  }

  private IdleFacts facts(boolean busy, int connections) {
    return new IdleFacts(clock.instant(), clock.instant(), busy, connections);
  }

  @Test
  void aKernelIsIdleOnlyAfterTheTimeout() {
    IdleFacts facts = facts(false, 0);
    IdleSettings settings = settings(false, false, Duration.ZERO);

    assertThat(IdlePolicy.judge(settings, facts, clock.advance(TEN_MINUTES)))
        .isEqualTo(new Verdict.KeepUntil(Why.ACTIVE_LATELY, clock.instant().plusMillis(1)));
    assertThat(IdlePolicy.judge(settings, facts, clock.advance(Duration.ofMillis(1))))
        .isEqualTo(new Verdict.Idle(TEN_MINUTES.plusMillis(1), TEN_MINUTES));
  }

  @Test
  void theRuleIsOffWithoutATimeout() {
    IdleFacts facts = facts(false, 0);

    assertThat(IdlePolicy.judge(IdleSettings.off(), facts, clock.advance(Duration.ofDays(365))))
        .isEqualTo(new Verdict.Keep(Why.RULE_IS_OFF));
  }

  @Test
  void aBusyKernelStaysUnlessTheRuleSaysOtherwise() {
    IdleFacts facts = facts(true, 0);
    clock.advance(Duration.ofHours(1));

    assertThat(IdlePolicy.judge(settings(false, false, Duration.ZERO), facts, clock.instant()))
        .isEqualTo(new Verdict.Keep(Why.BUSY));
    assertThat(IdlePolicy.judge(settings(false, true, Duration.ZERO), facts, clock.instant()))
        .isInstanceOf(Verdict.Idle.class);
  }

  @Test
  void aConnectedKernelStaysUnlessTheRuleSaysOtherwise() {
    IdleFacts facts = facts(false, 1);
    clock.advance(Duration.ofHours(1));

    assertThat(IdlePolicy.judge(settings(false, false, Duration.ZERO), facts, clock.instant()))
        .isEqualTo(new Verdict.Keep(Why.CONNECTED));
    assertThat(IdlePolicy.judge(settings(true, false, Duration.ZERO), facts, clock.instant()))
        .isInstanceOf(Verdict.Idle.class);
  }

  @Test
  void everyKernelRunsItsMinimumTime() {
    IdleFacts facts = facts(false, 0);
    IdleSettings settings = settings(false, false, Duration.ofHours(1));

    assertThat(IdlePolicy.judge(settings, facts, clock.advance(Duration.ofMinutes(59))))
        .isEqualTo(
            new Verdict.KeepUntil(Why.STARTED_LATELY, clock.instant().plus(Duration.ofMinutes(1))));
    assertThat(IdlePolicy.judge(settings, facts, clock.advance(Duration.ofMinutes(2))))
        .isInstanceOf(Verdict.Idle.class);
  }

  @Test
  void timeBeforeTheKernelRanDoesNotCount() {
    IdleFacts reconnected =
        new IdleFacts(clock.instant(), clock.instant().minus(Duration.ofDays(1)), false, 0);

    assertThat(
            IdlePolicy.judge(
                settings(false, false, Duration.ZERO),
                reconnected,
                clock.advance(Duration.ofMinutes(1))))
        .isEqualTo(
            new Verdict.KeepUntil(
                Why.ACTIVE_LATELY,
                clock.instant().plus(TEN_MINUTES).minus(Duration.ofMinutes(1)).plusMillis(1)));
  }

  @Test
  void aKernelspecOverridesWhatItNamesAndNothingElse() throws Exception {
    IdleSettings settings = settings(false, false, Duration.ofSeconds(5));

    assertThat(
            settings.overriddenBy(
                new JsonMapper()
                    .readTree("{\"cull_idle_timeout\": 1.5, \"cull_connected\": true}")))
        .isEqualTo(
            new IdleSettings(
                Duration.ofMillis(1_500), settings.interval(), true, false, Duration.ofSeconds(5)));
    assertThat(
            settings.overriddenBy(
                new JsonMapper()
                    .readTree("{\"cull_idle_timeout\": \"soon\", \"cull_busy\": \"yes\"}")))
        .isEqualTo(settings);
  }
}
