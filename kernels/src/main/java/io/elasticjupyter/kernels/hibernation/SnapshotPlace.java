// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.KernelId;
import java.nio.file.Path;

/** Where the helper of a kernel finds its snapshots. Safe for any thread. */
public interface SnapshotPlace {

  /**
   * Describes it to the helper, in a request to save or to restore ({@code store}).
   *
   * @param folder the kernel's own in the gateway's state directory, deleted with the kernel
   */
  void describe(KernelId kernel, Path folder, ObjectNode request);

  /** A folder that gateway and kernel share, as on one machine. */
  static SnapshotPlace inKernelFolder() {
    return (kernel, folder, request) ->
        request
            .putObject("store")
            .put("kind", "directory")
            .put("path", folder.resolve("snapshots").toString());
  }
}
