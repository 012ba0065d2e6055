// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import io.elasticjupyter.kernels.hibernation.SnapshotFolder;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Use;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code PUT}, {@code GET} and {@code HEAD} of the objects in one kernel's folder. Bytes go between
 * socket and file without being collected.
 *
 * <p>A language that can speak TLS only to get something, as R without packages, sends the one file
 * of its session in the headers of {@code GET}: {@value #OFFSET} says how much is there already,
 * and {@value #PIECE} has what follows in Base64; with {@value #END} in its place the file is
 * whole.
 *
 * @param left bytes that may still be written
 */
record FolderGrant(SnapshotFolder folder, Use use, AtomicLong left) implements Granted {

  private static final System.Logger LOG = System.getLogger(FolderGrant.class.getName());

  private static final String OFFSET = "Elastic-Offset";
  private static final String PIECE = "Elastic-Piece";
  private static final String END = "Elastic-End";

  @Override
  public void answer(KernelRequest request) throws IOException {
    switch (request.method()) {
      case "PUT" -> put(request);
      case "GET" -> {
        if (request.header(OFFSET).isPresent()) {
          append(request);
        } else {
          get(request);
        }
      }
      case "HEAD" -> get(request);
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
      stored(request, () -> folder.put(request.name(), request.body(), length));
    }
  }

  /** What writes to the folder. */
  private interface Storing {
    void run() throws IOException;
  }

  private static void stored(KernelRequest request, Storing storing) throws IOException {
    try {
      storing.run();
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

  private void append(KernelRequest request) throws IOException {
    long offset;
    byte[] piece;
    try {
      offset = Long.parseLong(request.header(OFFSET).orElse(""));
      piece = Base64.getDecoder().decode(request.header(PIECE).orElse(""));
    } catch (IllegalArgumentException e) {
      request.refuse(400, "Where the piece belongs, or the piece, cannot be read.");
      return;
    }
    boolean ends = request.header(END).isPresent();
    if (use != Use.SAVE) {
      request.refuse(403, "This token is for restoring.");
    } else if (!SnapshotFolder.isSession(request.name())) {
      request.refuse(405, "Only a session may come in pieces; allowed here: GET, HEAD, PUT.");
    } else if (offset < 0 || (piece.length == 0 && !ends)) {
      request.refuse(400, "There is no piece in it.");
    } else if (left.addAndGet(-piece.length) < 0) {
      request.refuse(413, "The snapshot is larger than this gateway allows.");
    } else {
      stored(request, () -> folder.append(request.name(), offset, piece, ends));
    }
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
