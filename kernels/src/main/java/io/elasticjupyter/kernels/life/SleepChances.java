// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether it is worth trying to let an idle kernel hibernate: one that cannot is not asked again,
 * one that could not is asked less and less often. Outcomes come from one thread, the kernel's own;
 * questions from any.
 */
final class SleepChances {

  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private volatile Chance chance;

  /**
   * @param pause how long the next failure puts the next try off
   * @param notBefore when the next try is due
   */
  private record Chance(boolean possible, Duration pause, Instant notBefore) {

    Chance afterFailure(Instant now) {
      Duration doubled = pause.multipliedBy(2);
      return new Chance(
          possible,
          doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE,
          now.plus(pause));
    }
  }

  /**
   * @param possible whether there is any chance, by what is known before the first try
   */
  SleepChances(boolean possible) {
    this.chance = new Chance(possible, FIRST_PAUSE, Instant.MIN);
  }

  boolean arePossible() {
    return chance.possible();
  }

  boolean areDue(Instant now) {
    Chance current = chance;
    return current.possible() && !now.isBefore(current.notBefore());
  }

  /**
   * Takes in what became of a try.
   *
   * @return whether its user should hear of it: the first time that it failed
   */
  boolean note(HibernationOutcome outcome, Instant now) {
    Chance before = chance;
    return switch (outcome) {
      case HibernationOutcome.Hibernated _ -> {
        chance = new Chance(before.possible(), FIRST_PAUSE, Instant.MIN);
        yield false;
      }
      case HibernationOutcome.Refused _, HibernationOutcome.Unfit _ -> false;
      case HibernationOutcome.Failed failed when failed.forGood() -> {
        chance = new Chance(false, before.pause(), before.notBefore());
        yield false;
      }
      case HibernationOutcome.Failed _ -> {
        chance = before.afterFailure(now);
        yield before.pause().equals(FIRST_PAUSE);
      }
    };
  }
}
