// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import io.elasticjupyter.kernels.hibernation.SnapshotFolder;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Use;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code PUT}, {@code GET} and {@code HEAD} of the objects in one kernel's folder. Bytes go between
 * socket and file without being collected.
 *
 * @param left bytes that may still be written
 */
record FolderGrant(SnapshotFolder folder, Use use, AtomicLong left) implements Granted {

  private static final System.Logger LOG = System.getLogger(FolderGrant.class.getName());

  @Override
  public void answer(KernelRequest request) throws IOException {
    switch (request.method()) {
      case "PUT" -> put(request);
      case "GET", "HEAD" -> get(request);
      default -> request.refuse(405, "Allowed here: GET, HEAD, PUT.");
    }
  }

  private void put(KernelRequest request) throws IOException {
    long length = request.length();
    if (use != Use.SAVE) {
      request.refuse(403, "This token is for restoring.");
    } else if (length < 0) {
      request.refuse(411, "Content-Length is missing.");
    } else if (left.addAndGet(-length) < 0) {
      request.refuse(413, "The snapshot is larger than this gateway allows.");
    } else {
      store(request, length);
    }
  }

  private void store(KernelRequest request, long length) throws IOException {
    try {
      folder.put(request.name(), request.body(), length);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=snapshot-not-stored reason={0}", e.toString());
      boolean full = String.valueOf(e.getMessage()).contains("No space left on device");
      request.refuse(
          full ? 507 : 500,
          full ? "The gateway's volume is full." : "The gateway could not store it: " + e);
      return;
    }
    request.done();
  }

  private void get(KernelRequest request) throws IOException {
    Optional<Path> file = folder.find(request.name());
    if (file.isEmpty()) {
      request.refuse(404, "The snapshot has no " + request.name() + ".");
      return;
    }
    long size = Files.size(file.get());
    if (request.method().equals("HEAD")) {
      request.tellLength(size);
      return;
    }
    try (OutputStream out = request.begin(size)) {
      Files.copy(file.get(), out);
    }
  }
}
