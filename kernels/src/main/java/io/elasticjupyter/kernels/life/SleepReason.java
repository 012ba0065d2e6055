// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import java.time.Duration;

/** Why a kernel is to hibernate. */
sealed interface SleepReason {

  /** The idle rule says so. */
  record Idle(Duration idleFor) implements SleepReason {}

  /** Somebody asked for it. */
  record Asked() implements SleepReason {}

  /**
   * Its process is about to be taken away, so that it is saved whatever it does.
   *
   * @param why in a sentence
   */
  record Leaving(String why) implements SleepReason {}

  /** It goes on with another kernelspec. */
  record Move(String kernelspec) implements SleepReason {}
}
