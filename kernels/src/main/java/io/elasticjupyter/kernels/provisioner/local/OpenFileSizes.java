// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Takes the sizes of open files out of an image. CRIU makes no process again one of whose files has
 * another size by then, unless it was opened to append. But that somebody else wrote to a file is
 * what may happen to any process that has it open: all kernels of a user share the database of
 * IPython's history. Files that are mapped keep theirs: a program whose library was replaced is
 * another one.
 *
 * <p>The image's form (criu's {@code images/*.proto}): two magic words, then entries, each a length
 * of four bytes and a message of Protocol Buffers. What has another form is left as it is.
 */
final class OpenFileSizes {

  private static final int MAGIC = 0x54564319;
  private static final int FILES = 0x56303138;
  private static final int DESCRIPTORS = 0x56213732;

  /** Of {@code fdinfo_entry}. */
  private static final int DESCRIPTOR_FILE = 1;

  /** Of {@code file_entry}. */
  private static final int FILE_ID = 2;

  private static final int REGULAR_FILE = 3;

  /** Of {@code reg_file_entry}. */
  private static final int SIZE = 8;

  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;

  private OpenFileSizes() {}

  /** One field of a message, as bytes from its tag to its end. */
  private record Field(int number, int type, long value, ByteBuffer content, ByteBuffer whole) {}

  /** Takes them out of the image in that folder. */
  static void forget(Path folder) throws IOException {
    try {
      Set<Long> open = new HashSet<>();
      try (Stream<Path> tables = Files.list(folder)) {
        for (Path table : (Iterable<Path>) tables::iterator) {
          if (table.getFileName().toString().startsWith("fdinfo-")) {
            entries(table, DESCRIPTORS, entry -> open.add(number(entry, DESCRIPTOR_FILE)));
          }
        }
      }
      Path files = folder.resolve("files.img");
      ByteArrayOutputStream written = new ByteArrayOutputStream();
      word(written, MAGIC);
      word(written, FILES);
      entries(
          files,
          FILES,
          entry -> {
            byte[] changed =
                open.contains(number(entry, FILE_ID)) ? withoutSize(entry) : raw(entry);
            word(written, changed.length);
            written.writeBytes(changed);
          });
      Files.write(files, written.toByteArray());
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new IOException("its list of files is of another form than is known", e);
    }
  }

  private static void entries(Path file, int kind, Consumer<List<Field>> each) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt() != MAGIC || bytes.getInt() != kind) {
      throw new IllegalArgumentException("no such image: " + file.getFileName());
    }
    while (bytes.hasRemaining()) {
      each.accept(fields(taken(bytes, bytes.getInt())));
    }
  }

  private static List<Field> fields(ByteBuffer message) {
    List<Field> fields = new ArrayList<>();
    while (message.hasRemaining()) {
      int start = message.position();
      long tag = varint(message);
      int type = (int) (tag & 7);
      ByteBuffer content = ByteBuffer.allocate(0);
      long value = 0;
      switch (type) {
        case VARINT -> value = varint(message);
        case FIXED_64 -> content = taken(message, Long.BYTES);
        case FIXED_32 -> content = taken(message, Integer.BYTES);
        case BYTES -> content = taken(message, Math.toIntExact(varint(message)));
        default -> throw new IllegalArgumentException("a field of the type " + type);
      }
      fields.add(
          new Field(
              Math.toIntExact(tag >>> 3),
              type,
              value,
              content,
              message.slice(start, message.position() - start)));
    }
    return fields;
  }

  private static ByteBuffer taken(ByteBuffer from, int length) {
    if (length < 0 || length > from.remaining()) {
      throw new IllegalArgumentException("a length of " + length);
    }
    ByteBuffer slice = from.slice(from.position(), length);
    from.position(from.position() + length);
    return slice;
  }

  private static long varint(ByteBuffer from) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = from.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number without an end");
  }

  private static long number(List<Field> message, int field) {
    return message.stream()
        .filter(each -> each.number() == field && each.type() == VARINT)
        .mapToLong(Field::value)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no field " + field));
  }

  private static byte[] withoutSize(List<Field> entry) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Field field : entry) {
      if (field.number() == REGULAR_FILE && field.type() == BYTES) {
        byte[] kept =
            raw(fields(field.content()).stream().filter(each -> each.number() != SIZE).toList());
        varint(out, (long) REGULAR_FILE << 3 | BYTES);
        varint(out, kept.length);
        out.writeBytes(kept);
      } else {
        out.writeBytes(bytes(field.whole()));
      }
    }
    return out.toByteArray();
  }

  private static byte[] raw(List<Field> message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.forEach(field -> out.writeBytes(bytes(field.whole())));
    return out.toByteArray();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static void word(ByteArrayOutputStream out, int value) {
    out.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }
}
