// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An entry's form in a segment file: a fixed head with the lengths, then the bytes. The checksum
 * covers everything behind it, so that a record that was torn by a crash is recognized.
 *
 * <pre>int checksum | int partCount | long sequence | byte kind | byte channel |
 * int targetLength (-1: none) | int length of each part | target | parts</pre>
 */
final class EntryCodec {

  /** More parts than any real message has; a bound for reading damaged files. */
  private static final int MAX_PARTS = 1 << 16;

  private static final int MAX_TARGET = 1 << 16;

  private EntryCodec() {}

  static long encodedSize(LogEntry entry) {
    return 22L
        + 4L * entry.message().partCount()
        + targetBytes(entry.target()).length
        + entry.message().size();
  }

  static void write(LogEntry entry, DataOutputStream out) throws IOException {
    JupyterMessage message = entry.message();
    byte[] target = targetBytes(entry.target());
    Head head = Head.of(entry, target);
    out.writeInt(head.checksum(target, message));
    head.write(out);
    out.write(target);
    for (int i = 0; i < message.partCount(); i++) {
      out.write(message.part(i));
    }
  }

  /** Reads the next record; empty at the end of the file and at the first damaged record. */
  static Optional<LogEntry> read(DataInputStream in, long remaining) throws IOException {
    try {
      int checksum = in.readInt();
      Head head = Head.read(in);
      if (head == null || head.bodyBytes() > remaining) {
        return Optional.empty();
      }
      byte[] target = in.readNBytes(Math.max(0, head.targetLength));
      List<byte[]> parts = new ArrayList<>(head.partLengths.length);
      for (int length : head.partLengths) {
        byte[] part = new byte[length];
        in.readFully(part);
        parts.add(part);
      }
      JupyterMessage message =
          new JupyterMessage(
              head.channel,
              parts.get(0),
              parts.get(1),
              parts.get(2),
              parts.get(3),
              parts.subList(JupyterMessage.FIXED_PARTS, parts.size()));
      if (checksum != head.checksum(target, message)) {
        return Optional.empty();
      }
      String name = head.targetLength < 0 ? null : new String(target, StandardCharsets.UTF_8);
      return Optional.of(new LogEntry(head.sequence, head.kind, name, message));
    } catch (EOFException tornRecord) {
      return Optional.empty();
    }
  }

  private static byte[] targetBytes(@Nullable String target) {
    return target == null ? new byte[0] : target.getBytes(StandardCharsets.UTF_8);
  }

  private static byte codeOf(LogEntry.Kind kind) {
    return switch (kind) {
      case BULK -> 'b';
      case VITAL -> 'v';
    };
  }

  private static Optional<LogEntry.Kind> kindOf(byte code) {
    return Stream.of(LogEntry.Kind.values()).filter(kind -> codeOf(kind) == code).findFirst();
  }

  private static byte codeOf(Channel channel) {
    return switch (channel) {
      case SHELL -> 's';
      case CONTROL -> 'c';
      case STDIN -> 'i';
      case IOPUB -> 'p';
    };
  }

  private static Optional<Channel> channelOf(byte code) {
    return Stream.of(Channel.values()).filter(channel -> codeOf(channel) == code).findFirst();
  }

  private record Head(
      long sequence, LogEntry.Kind kind, Channel channel, int targetLength, int[] partLengths) {

    static Head of(LogEntry entry, byte[] target) {
      int[] lengths = new int[entry.message().partCount()];
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = entry.message().part(i).length;
      }
      return new Head(
          entry.sequence(),
          entry.kind(),
          entry.message().channel(),
          entry.target() == null ? -1 : target.length,
          lengths);
    }

    void write(DataOutputStream out) throws IOException {
      out.writeInt(partLengths.length);
      out.writeLong(sequence);
      out.writeByte(codeOf(kind));
      out.writeByte(codeOf(channel));
      out.writeInt(targetLength);
      for (int length : partLengths) {
        out.writeInt(length);
      }
    }

    static @Nullable Head read(DataInputStream in) throws IOException {
      int partCount = in.readInt();
      long sequence = in.readLong();
      Optional<LogEntry.Kind> kind = kindOf(in.readByte());
      Optional<Channel> channel = channelOf(in.readByte());
      int targetLength = in.readInt();
      if (partCount < JupyterMessage.FIXED_PARTS
          || partCount > MAX_PARTS
          || kind.isEmpty()
          || channel.isEmpty()
          || targetLength < -1
          || targetLength > MAX_TARGET) {
        return null;
      }
      int[] lengths = new int[partCount];
      for (int i = 0; i < partCount; i++) {
        lengths[i] = in.readInt();
        if (lengths[i] < 0) {
          return null;
        }
      }
      return new Head(sequence, kind.get(), channel.get(), targetLength, lengths);
    }

    long bodyBytes() {
      long sum = Math.max(0, targetLength);
      for (int length : partLengths) {
        sum += length;
      }
      return sum;
    }

    int checksum(byte[] target, JupyterMessage message) {
      CRC32C sum = new CRC32C();
      byte[] head =
          (sequence + " " + codeOf(kind) + " " + codeOf(channel))
              .getBytes(StandardCharsets.US_ASCII);
      sum.update(head);
      sum.update(target);
      for (int i = 0; i < message.partCount(); i++) {
        sum.update(message.part(i));
      }
      return (int) sum.getValue();
    }
  }
}
