// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/** Snapshots in the kernel's folder, to which its process has access. */
final class SharedFolder implements SnapshotPlace {

  @Override
  public Access open(Use use, Path folder, long maxBytes, ObjectNode request) {
    request
        .putObject("store")
        .put("kind", "directory")
        .put("path", SnapshotFolder.of(folder).path().toString());
    return () -> {};
  }

  @Override
  public FileAccess openFile(Use use, Path folder, int generation, long maxBytes)
      throws IOException {
    return new SharedFile(SnapshotFolder.of(folder).sessionFile(generation));
  }

  /** The helper did so before; the texts of another language do not. */
  @Override
  public void keepOnly(Path folder, Collection<Integer> generations) {
    SnapshotFolder.of(folder).tidy(generations);
  }

  @Override
  public long bytes(Path folder) {
    return SnapshotFolder.of(folder).bytes();
  }

  /** A file that gateway and kernel both see. */
  private record SharedFile(Path file) implements FileAccess {

    @Override
    public String path() {
      return file.toString();
    }

    @Override
    public String url() {
      return "";
    }

    @Override
    public String token() {
      return "";
    }

    @Override
    public void end() {}
  }
}
