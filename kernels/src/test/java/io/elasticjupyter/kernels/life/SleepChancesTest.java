// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SleepChancesTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final HibernationOutcome FAILED = new HibernationOutcome.Failed("full", false);

  private final SleepChances chances = new SleepChances(true);

  @Test
  void aFailureIsToldOnceAndTriedLessAndLessOften() {
    assertThat(chances.note(FAILED, NOON)).isTrue();
    assertThat(chances.areDue(NOON.plusSeconds(59))).isFalse();
    assertThat(chances.areDue(NOON.plusSeconds(60))).isTrue();

    assertThat(chances.note(FAILED, NOON)).isFalse();
    assertThat(chances.areDue(NOON.plusSeconds(119))).isFalse();
    for (int again = 0; again < 20; again++) {
      chances.note(FAILED, NOON);
    }
    assertThat(chances.areDue(NOON.plus(Duration.ofHours(1)))).isTrue();
    assertThat(chances.arePossible()).isTrue();
  }

  @Test
  void whatCannotSleepIsNotAskedAgain() {
    chances.note(new HibernationOutcome.Failed("no helper", true), NOON);

    assertThat(chances.arePossible()).isFalse();
    assertThat(chances.areDue(NOON.plus(Duration.ofDays(1)))).isFalse();
  }

  @Test
  void aKernelThatWasInUseIsAskedAtTheNextLook() {
    assertThat(chances.note(new HibernationOutcome.Refused("busy"), NOON)).isFalse();
    assertThat(chances.areDue(NOON)).isTrue();
  }
}
