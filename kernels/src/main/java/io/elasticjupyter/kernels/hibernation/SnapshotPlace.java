// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collection;

/** Where the helper of a kernel finds its snapshots. Safe for any thread. */
public interface SnapshotPlace {

  /** What a helper may do there. */
  enum Use {
    SAVE,
    RESTORE
  }

  /** The right to use the place for one call. */
  interface Access {

    /** Takes it back. Idempotent. */
    void end();
  }

  /**
   * Opens the place for one call to the helper, and describes it in the request ({@code store}).
   *
   * @param folder the kernel's own in the gateway's state directory, deleted with the kernel
   * @param maxBytes the largest snapshot of one kernel
   */
  Access open(Use use, Path folder, long maxBytes, ObjectNode request);

  /** Removes all but these generations, where the helper itself does not. */
  void keepOnly(Path folder, Collection<Integer> generations);

  /** A folder that gateway and kernel share, as on one machine. */
  static SnapshotPlace inKernelFolder() {
    return new SharedFolder();
  }
}
