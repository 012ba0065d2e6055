// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.hibernation.SnapshotFolder;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The gateway's own volume as the place of snapshots, for kernels on other machines. Safe for any
 * thread.
 */
public final class SnapshotVault implements SnapshotPlace {

  /** Beyond what the user's variables may take: pickles of code, manifests. */
  static final long ROOM_FOR_THE_REST = 64L << 20;

  private final VaultDoor door;
  private final String localFolder;

  /**
   * @param door how kernels reach the server in front of it
   * @param localFolder a folder of each kernel's machine, to which it fetches its snapshot
   */
  public SnapshotVault(VaultDoor door, String localFolder) {
    this.door = door;
    this.localFolder = localFolder;
  }

  @Override
  public Access open(Use use, Path folder, long maxBytes, ObjectNode request) {
    AtomicLong left = new AtomicLong(Math.addExact(maxBytes, ROOM_FOR_THE_REST));
    ObjectNode store = request.put("local", localFolder).putObject("store").put("kind", "http");
    String token = door.open(new FolderGrant(SnapshotFolder.of(folder), use, left), store);
    return () -> door.grants().close(token);
  }

  @Override
  public FileAccess openFile(Use use, Path folder, int generation, long maxBytes)
      throws IOException {
    Path file = SnapshotFolder.of(folder).sessionFile(generation);
    AtomicLong left = new AtomicLong(maxBytes);
    String token = door.grants().open(new FolderGrant(SnapshotFolder.of(folder), use, left));
    return new SessionAccess(
        file,
        localFolder + "/session",
        door.url() + "/" + SnapshotFolder.sessionName(generation),
        token,
        door.tls().map(each -> each.current().certificateLine()).orElse(""),
        () -> door.grants().close(token));
  }

  /** By which a kernel elsewhere hands its session over. */
  private record SessionAccess(
      Path file, String path, String url, String token, String certificate, Runnable close)
      implements FileAccess {

    @Override
    public void end() {
      close.run();
    }
  }

  @Override
  public void keepOnly(Path folder, Collection<Integer> generations) {
    SnapshotFolder.of(folder).tidy(generations);
  }

  @Override
  public long bytes(Path folder) {
    return SnapshotFolder.of(folder).bytes();
  }
}
