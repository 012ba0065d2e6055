// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a kernel's hibernation.
 *
 * @param generation the highest that was given out, also to a save that came to nothing
 * @param snapshot the last that was verified; null where there is none
 * @param asleep whether the variables are in that snapshot and nowhere else: a process that is
 *     there has not got them yet, or has to end
 * @param kernelInfo what the kernel said of itself while it ran, for whoever asks while it sleeps;
 *     null while it is awake
 * @param before the one that was verified before that, kept until the next is; null where there is
 *     none
 * @param removed why the snapshot of a sleeping kernel is not there any more, in words for its
 *     user; null while it is
 */
public record SleepRecord(
    int generation,
    @Nullable Snapshot snapshot,
    boolean asleep,
    @Nullable ObjectNode kernelInfo,
    @Nullable Snapshot before,
    @Nullable String removed) {

  /** Of a kernel that never slept. */
  public static final SleepRecord NEVER = new SleepRecord(0, null, false, null, null, null);

  public SleepRecord {
    if (generation < 0 || (asleep && snapshot == null)) {
      throw new IllegalArgumentException(
          "no sleep: generation " + generation + ", asleep without a snapshot");
    }
  }
}
