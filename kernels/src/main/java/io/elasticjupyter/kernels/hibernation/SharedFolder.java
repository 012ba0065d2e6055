// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collection;

/** Snapshots in the kernel's folder, to which its process has access. */
final class SharedFolder implements SnapshotPlace {

  @Override
  public Access open(Use use, Path folder, long maxBytes, ObjectNode request) {
    request
        .putObject("store")
        .put("kind", "directory")
        .put("path", folder.resolve("snapshots").toString());
    return () -> {};
  }

  /** The helper did, by what its request names. */
  @Override
  public void keepOnly(Path folder, Collection<Integer> generations) {}
}
