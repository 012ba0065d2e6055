// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import java.time.Duration;

/** Why a kernel is to hibernate. */
sealed interface SleepReason {

  /** The idle rule says so. */
  record Idle(Duration idleFor) implements SleepReason {}

  /** Somebody asked for it. */
  record Asked() implements SleepReason {}

  /** It goes on with another kernelspec. */
  record Move(String kernelspec) implements SleepReason {}
}
