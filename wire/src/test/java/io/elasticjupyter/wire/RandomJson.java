// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.testkit.SeededRandom;
import java.util.List;

/**
 * Random JSON texts in all spellings that writers use: blanks, escapes, exponents, deep nesting.
 */
public final class RandomJson {

  private static final List<String> BLANKS = List.of("", "", "", " ", "\n", "\r\n\t", "   ");
  private static final List<String> SCALARS =
      List.of("true", "false", "null", "NaN", "Infinity", "-Infinity", "0", "-0", "-0.0", "1e5");
  private static final List<String> ESCAPES =
      List.of(
          "\\\"",
          "\\\\",
          "\\/",
          "\\b",
          "\\f",
          "\\n",
          "\\r",
          "\\t",
          "\\u0041",
          "\\uD83D\\uDE00",
          "\\ud800",
          "\\u0000");
  private static final List<String> TRAPS =
      List.of("header", "msg_id", "msg_type", "channel", "content", "buffers", "execution_state");

  private final SeededRandom random;

  public RandomJson(SeededRandom random) {
    this.random = random;
  }

  /** An object of up to {@code depth} levels. */
  public byte[] object(int depth) {
    StringBuilder json = new StringBuilder();
    object(json, depth);
    return json.toString().getBytes(UTF_8);
  }

  /** A value of any type. */
  public String value(int depth) {
    StringBuilder json = new StringBuilder();
    value(json, depth);
    return json.toString();
  }

  /** A string with its quotes. */
  public String string() {
    StringBuilder json = new StringBuilder();
    string(json);
    return json.toString();
  }

  /** The same bytes with one or a few of them changed, removed or doubled. */
  public byte[] damaged(byte[] bytes) {
    byte[] damaged = bytes.clone();
    for (int hits = random.between(1, 3); hits > 0 && damaged.length > 0; hits--) {
      int at = random.between(0, damaged.length - 1);
      damaged =
          switch (random.between(0, 3)) {
            case 0 -> set(damaged, at, (byte) random.between(-128, 127));
            case 1 -> splice(damaged, at, at + 1, new byte[0]);
            case 2 -> splice(damaged, at, at, new byte[] {damaged[at]});
            default -> splice(damaged, at, damaged.length, new byte[0]);
          };
    }
    return damaged;
  }

  private static byte[] set(byte[] bytes, int at, byte value) {
    bytes[at] = value;
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] replacement) {
    byte[] spliced = new byte[bytes.length - (to - from) + replacement.length];
    System.arraycopy(bytes, 0, spliced, 0, from);
    System.arraycopy(replacement, 0, spliced, from, replacement.length);
    System.arraycopy(bytes, to, spliced, from + replacement.length, bytes.length - to);
    return spliced;
  }

  private void value(StringBuilder json, int depth) {
    switch (random.between(0, depth > 0 ? 5 : 3)) {
      case 0 -> json.append(random.oneOf(SCALARS));
      case 1 -> number(json);
      case 2, 3 -> string(json);
      case 4 -> object(json, depth);
      default -> array(json, depth);
    }
  }

  private void object(StringBuilder json, int depth) {
    json.append('{').append(blank());
    int fields = random.between(0, 5);
    for (int i = 0; i < fields; i++) {
      json.append(i == 0 ? "" : "," + blank());
      // A number makes the name unique; the oracles of some tests know no doubled names.
      json.append('"').append(random.percent(30) ? random.oneOf(TRAPS) : random.oneOf(ESCAPES));
      json.append(i).append('"').append(blank()).append(':').append(blank());
      value(json, depth - 1);
      json.append(blank());
    }
    json.append('}');
  }

  private void array(StringBuilder json, int depth) {
    json.append('[').append(blank());
    int values = random.between(0, 4);
    for (int i = 0; i < values; i++) {
      json.append(i == 0 ? "" : "," + blank());
      value(json, depth - 1);
      json.append(blank());
    }
    json.append(']');
  }

  private void number(StringBuilder json) {
    json.append(random.anyLong());
    json.append(random.percent(30) ? "." + random.between(0, 999) : "");
    json.append(random.percent(20) ? random.oneOf(List.of("e", "E", "e+", "E-")) + "12" : "");
  }

  private void string(StringBuilder json) {
    json.append('"');
    for (int runs = random.between(0, 4); runs > 0; runs--) {
      if (random.percent(30)) {
        json.append(random.oneOf(ESCAPES));
      } else if (random.percent(20)) {
        json.append("a".repeat(random.between(0, 40))).append("{\\\"header\\\": 1}");
      } else {
        random
            .text(12)
            .codePoints()
            .filter(character -> character >= ' ' && character != '"' && character != '\\')
            .forEach(json::appendCodePoint);
      }
    }
    json.append('"');
  }

  private String blank() {
    return random.oneOf(BLANKS);
  }
}
