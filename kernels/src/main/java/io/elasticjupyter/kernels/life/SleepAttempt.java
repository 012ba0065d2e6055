// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.hibernation.SavingMeans;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage.Allowance;
import io.elasticjupyter.kernels.provisioner.ProcessImages;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

  /** What runs beside its cells and goes on only with its whole process; empty where nothing. */
  String background = "";

  /** What the helper saved, while the process is kept as well. */
  HelperAnswer.@Nullable Saved saved;

  /** What became of the image of its process. */
  TakenImage image = new TakenImage.None();

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

  /** What the image of its process takes beside its variables. */
  long imageBytes() {
    return image instanceof TakenImage.Written(ProcessImages.Taken taken) ? taken.bytes() : 0;
  }
}
