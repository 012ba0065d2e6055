// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.hibernation.SavingMeans;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage.Allowance;
import java.time.Instant;
import java.util.function.Consumer;

/** One try of a kernel to fall asleep. By the kernel's own thread. */
final class SleepAttempt {
  final SleepReason reason;
  final Instant begun;
  final SavingMeans means;
  final Consumer<HibernationOutcome> done;
  final Allowance allowed;
  int generation;
  long question;
  boolean unwanted;

  SleepAttempt(
      SleepReason reason,
      Instant begun,
      SavingMeans means,
      Allowance allowed,
      Consumer<HibernationOutcome> done) {
    this.reason = reason;
    this.begun = begun;
    this.means = means;
    this.allowed = allowed;
    this.done = done;
  }

  /** Whether it has no choice. */
  boolean isLeaving() {
    return reason instanceof SleepReason.Leaving;
  }
}
