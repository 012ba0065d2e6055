// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.wire.json.JsonException.Problem;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The strings inside a JSON text: passed over with all checks, or decoded. */
final class JsonStrings {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final byte[] json;
  private final int end;
  private boolean escaped;
  private boolean ascii;

  JsonStrings(byte[] json, int end) {
    this.json = json;
    this.end = end;
  }

  /** Whether the string that was passed last holds an escape. */
  boolean escaped() {
    return escaped;
  }

  /** Whether the string that was passed last is ASCII throughout. */
  boolean ascii() {
    return ascii;
  }

  /** Passes over a string whose first character is at {@code from}; answers the place after it. */
  int skip(int from) throws JsonException {
    escaped = false;
    ascii = true;
    int position = from;
    while (true) {
      position = skipPlain(position);
      if (position >= end) {
        throw new JsonException(Problem.SYNTAX, end);
      }
      byte at = json[position];
      if (at == '"') {
        return position + 1;
      }
      if (at == '\\') {
        escaped = true;
        position = skipEscape(position);
      } else if (at < 0) {
        ascii = false;
        position = skipCharacter(position);
      } else if (at < 0x20) {
        throw new JsonException(Problem.SYNTAX, position);
      } else {
        position++;
      }
    }
  }

  /**
   * Passes over plain ASCII, eight bytes at a time while there are that many; most of what kernels
   * print is such. Stops at or before the first byte that needs a look.
   */
  private int skipPlain(int from) {
    int position = from;
    int lastWord = end - Long.BYTES;
    while (position <= lastWord) {
      long word = (long) LONGS.get(json, position);
      // A byte of these becomes "negative" where it is a quote, a backslash, a control character
      // or not ASCII; see "Determine if a word has a byte less than n" of the bit twiddling hacks.
      long quote = word ^ (ONES * '"');
      long backslash = word ^ (ONES * '\\');
      long special =
          (((quote - ONES) & ~quote)
                  | ((backslash - ONES) & ~backslash)
                  | ((word - ONES * 0x20) & ~word)
                  | word)
              & HIGH_BITS;
      if (special != 0) {
        return position + (Long.numberOfTrailingZeros(special) >>> 3);
      }
      position += Long.BYTES;
    }
    return position;
  }

  private int skipEscape(int backslash) throws JsonException {
    if (backslash + 1 >= end) {
      throw new JsonException(Problem.SYNTAX, end);
    }
    return switch (json[backslash + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> backslash + 2;
      case 'u' -> {
        for (int i = 2; i < 6; i++) {
          if (backslash + i >= end || Character.digit(json[backslash + i], 16) < 0) {
            throw new JsonException(Problem.SYNTAX, Math.min(backslash + i, end));
          }
        }
        yield backslash + 6;
      }
      default -> throw new JsonException(Problem.SYNTAX, backslash + 1);
    };
  }

  /** Passes over one character of two to four bytes: table 3-7 of the Unicode standard. */
  private int skipCharacter(int position) throws JsonException {
    int first = json[position] & 0xFF;
    int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || position + length > end) {
      throw new JsonException(Problem.ENCODING, position);
    }
    int second = json[position + 1] & 0xFF;
    int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < lowest || second > highest) {
      throw new JsonException(Problem.ENCODING, position);
    }
    for (int i = 2; i < length; i++) {
      if ((json[position + i] & 0xC0) != 0x80) {
        throw new JsonException(Problem.ENCODING, position);
      }
    }
    return position + length;
  }

  /** Decodes what lies between the quotes of a string that was passed over before. */
  String decode(int from, int to) {
    StringBuilder text = new StringBuilder(to - from);
    int position = from;
    while (position < to) {
      int backslash = position;
      while (backslash < to && json[backslash] != '\\') {
        backslash++;
      }
      text.append(new String(json, position, backslash - position, UTF_8));
      if (backslash == to) {
        break;
      }
      position = backslash + 2;
      switch (json[backslash + 1]) {
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          int unit = 0;
          for (int i = 2; i < 6; i++) {
            unit = unit << 4 | Character.digit(json[backslash + i], 16);
          }
          text.append((char) unit);
          position = backslash + 6;
        }
        default -> text.append((char) json[backslash + 1]);
      }
    }
    return text.toString();
  }
}
