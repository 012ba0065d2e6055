// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.provisioner.ProcessImages;

/** What became of the wish to keep a kernel's whole process beside its variables. */
sealed interface TakenImage {

  /** Nobody wished it, or it cannot be done here. */
  record None() implements TakenImage {}

  /** It was written, and the process is stopped. */
  record Written(ProcessImages.Taken taken) implements TakenImage {}

  /**
   * It was not.
   *
   * @param why in a sentence
   * @param harmed whether the process must not run on
   */
  record Refused(String why, boolean harmed) implements TakenImage {}
}
