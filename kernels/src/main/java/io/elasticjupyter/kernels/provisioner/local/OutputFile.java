// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file that takes a kernel's standard output and error. A file and not a pipe, so that the
 * kernel can write when the gateway is gone.
 */
record OutputFile(Path path) {

  private static final int TAIL_BYTES = 4 * 1024;

  /** Makes it empty and its owner's alone: what a kernel prints may be secret. */
  void begin() throws IOException {
    Files.deleteIfExists(path);
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** The last lines, as text; empty where there are none. */
  String tail() {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long start = Math.max(0, channel.size() - TAIL_BYTES);
      ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - start));
      while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {
        // Until the end that the size told.
      }
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      return start == 0 ? text.strip() : text.substring(text.indexOf('\n') + 1).strip();
    } catch (IOException e) {
      return "(its output could not be read: " + e.getMessage() + ")";
    }
  }

  /** Empties the file when it is larger; whoever appends to it goes on at its new end. */
  void limit(long maxBytes) {
    try {
      if (Files.exists(path) && Files.size(path) > maxBytes) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.truncate(0);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("limiting " + path, e);
    }
  }
}
