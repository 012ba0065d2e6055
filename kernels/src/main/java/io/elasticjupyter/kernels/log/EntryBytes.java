// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Entries as bytes, in the form of the log's own files, for other places than these. Pure. */
public final class EntryBytes {

  private EntryBytes() {}

  public static byte[] of(List<LogEntry> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (LogEntry entry : entries) {
        EntryCodec.write(entry, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The entries again.
   *
   * @throws IOException if the bytes are damaged or cut off
   */
  public static List<LogEntry> read(byte[] bytes) throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    while (in.available() > 0) {
      Optional<LogEntry> entry = EntryCodec.read(in, in.available());
      if (entry.isEmpty()) {
        throw new IOException("entry %d is damaged".formatted(entries.size()));
      }
      entries.add(entry.get());
    }
    return entries;
  }
}
