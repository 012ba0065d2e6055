// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.store;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.kernels.log.EntryBytes;
import io.elasticjupyter.kernels.log.LogEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of what one gateway tells another of a kernel, so that the other can go on with it.
 *
 * @param whole whether it is the first: what was told before counts no more
 * @param last whether the gateway has let go of the kernel, so that the other is to take it
 * @param lastOutput id of the last message of iopub that is in this piece or one before; null where
 *     that is not known
 * @param change of what is noted of the kernel, since the piece before
 * @param entries of the log, behind those of the pieces before
 */
public record KernelCopy(
    boolean whole,
    boolean last,
    @Nullable String lastOutput,
    KernelState.Change change,
    List<LogEntry> entries) {

  private static final JsonMapper JSON = StoredJson.mapper();

  private record Head(
      boolean whole, boolean last, @Nullable String lastOutput, KernelState.Change change) {}

  /** As bytes: the length of a JSON text, the text, the entries in the log's form. */
  public byte[] bytes() {
    byte[] head;
    try {
      head = JSON.writeValueAsBytes(new Head(whole, last, lastOutput, change));
    } catch (IOException e) {
      throw new UncheckedIOException("records of texts and numbers are JSON", e);
    }
    byte[] rest = EntryBytes.of(entries);
    return ByteBuffer.allocate(Integer.BYTES + head.length + rest.length)
        .putInt(head.length)
        .put(head)
        .put(rest)
        .array();
  }

  /**
   * From bytes.
   *
   * @throws IOException if they are not such a piece
   */
  public static KernelCopy read(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      int length = buffer.getInt();
      if (length < 0 || length > buffer.remaining()) {
        throw new IOException(
            "no piece of a kernel's copy: its head would have %d bytes".formatted(length));
      }
      byte[] text = new byte[length];
      buffer.get(text);
      Head head = JSON.readValue(text, Head.class);
      if (head == null || head.change() == null) {
        throw new IOException("no piece of a kernel's copy: it says nothing");
      }
      byte[] rest = new byte[buffer.remaining()];
      buffer.get(rest);
      return new KernelCopy(
          head.whole(), head.last(), head.lastOutput(), head.change(), EntryBytes.read(rest));
    } catch (BufferUnderflowException e) {
      throw new IOException("no piece of a kernel's copy: it is cut off", e);
    }
  }
}
