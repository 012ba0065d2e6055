// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.json;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.wire.json.JsonException.Problem;
import java.util.Objects;

/**
 * Walks over the fields of JSON objects in a byte array, validating all that it passes and building
 * nothing that is not asked for.
 *
 * <p>Accepts what Python's {@code json} module reads, which both ends of a Jupyter connection
 * speak: RFC 8259 in UTF-8 without a byte order mark, and beyond it {@code NaN}, {@code Infinity}
 * and {@code -Infinity}. Nesting is bounded by {@link #MAX_DEPTH}. For one thread.
 *
 * <pre>{@code
 * scanner.beginObject();
 * while (scanner.nextField()) {
 *   if (scanner.nameIs(MSG_TYPE)) { type = scanner.stringValue(); } else { scanner.skipValue(); }
 * }
 * scanner.expectEnd();
 * }</pre>
 */
public final class JsonScanner {

  /** Objects and arrays that may be open at once; Python and Jackson stop at this depth as well. */
  public static final int MAX_DEPTH = 1000;

  private final byte[] json;
  private final int end;
  private final JsonStrings strings;

  private int position;
  private int nameStart;
  private int nameEnd;
  private boolean nameEscaped;
  private boolean firstField;
  private int valueStart;

  public JsonScanner(byte[] json) {
    this(json, 0, json.length);
  }

  /** Scans the bytes from {@code start} to {@code end}, exclusive. */
  public JsonScanner(byte[] json, int start, int end) {
    Objects.checkFromToIndex(start, end, json.length);
    this.json = json;
    this.end = end;
    this.position = start;
    this.strings = new JsonStrings(json, end);
  }

  /** Enters the object that comes next. */
  public void beginObject() throws JsonException {
    skipWhitespace();
    if (position < end && json[position] != '{') {
      skipValue();
      throw new JsonException(Problem.TYPE, valueStart);
    }
    expect('{');
    firstField = true;
  }

  /**
   * Goes to the next field's value, or leaves the object and answers false. The value must be taken
   * before the next call by {@link #skipValue}, {@link #stringValue} or their like.
   */
  public boolean nextField() throws JsonException {
    skipWhitespace();
    if (position < end && json[position] == '}') {
      position++;
      return false;
    }
    if (!firstField) {
      expect(',');
      skipWhitespace();
    }
    firstField = false;
    expect('"');
    nameStart = position;
    position = strings.skip(position);
    nameEscaped = strings.escaped();
    nameEnd = position - 1;
    skipWhitespace();
    expect(':');
    skipWhitespace();
    return true;
  }

  /** Whether the current field has this name, which must be ASCII. */
  public boolean nameIs(String name) {
    if (nameEscaped) {
      return strings.decode(nameStart, nameEnd).equals(name);
    }
    int length = nameEnd - nameStart;
    if (length != name.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (json[nameStart + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the value that comes next begins like {@code first}; for telling its type. */
  public boolean valueStartsWith(char first) {
    return position < end && json[position] == first;
  }

  /** Passes over the value that comes next, whatever it is. */
  public void skipValue() throws JsonException {
    skipWhitespace();
    int start = position;
    skipValue(0);
    valueStart = start;
  }

  /** Where the value that was taken last begins. */
  public int valueStart() {
    return valueStart;
  }

  /** Where it ends, exclusive; right after it was taken. */
  public int valueEnd() {
    return position;
  }

  /** Takes a string. */
  public String stringValue() throws JsonException {
    int start = position;
    valueStart = start;
    if (!valueStartsWith('"')) {
      skipValue();
      throw new JsonException(Problem.TYPE, start);
    }
    position = strings.skip(start + 1);
    int length = position - start - 2;
    if (strings.escaped()) {
      return strings.decode(start + 1, position - 1);
    }
    return new String(json, start + 1, length, strings.ascii() ? US_ASCII : UTF_8);
  }

  /** Takes the value and answers it where it is a string; empty for any other type. */
  public String stringValueOrEmpty() throws JsonException {
    if (valueStartsWith('"')) {
      return stringValue();
    }
    skipValue();
    return "";
  }

  /** Makes sure that nothing but whitespace follows. */
  public void expectEnd() throws JsonException {
    skipWhitespace();
    if (position < end) {
      throw new JsonException(Problem.SYNTAX, position);
    }
  }

  private void skipValue(int depth) throws JsonException {
    if (position >= end) {
      throw new JsonException(Problem.SYNTAX, position);
    }
    switch (json[position]) {
      case '"' -> position = strings.skip(position + 1);
      case '{' -> skipObject(depth + 1);
      case '[' -> skipArray(depth + 1);
      case 't' -> expectWord("true");
      case 'f' -> expectWord("false");
      case 'n' -> expectWord("null");
      case 'N' -> expectWord("NaN");
      case 'I' -> expectWord("Infinity");
      default -> skipNumber();
    }
  }

  private void skipObject(int depth) throws JsonException {
    checkDepth(depth);
    position++;
    skipWhitespace();
    if (valueStartsWith('}')) {
      position++;
      return;
    }
    while (true) {
      expect('"');
      position = strings.skip(position);
      skipWhitespace();
      expect(':');
      skipWhitespace();
      skipValue(depth);
      skipWhitespace();
      if (valueStartsWith('}')) {
        position++;
        return;
      }
      expect(',');
      skipWhitespace();
    }
  }

  private void skipArray(int depth) throws JsonException {
    checkDepth(depth);
    position++;
    skipWhitespace();
    if (valueStartsWith(']')) {
      position++;
      return;
    }
    while (true) {
      skipValue(depth);
      skipWhitespace();
      if (valueStartsWith(']')) {
        position++;
        return;
      }
      expect(',');
      skipWhitespace();
    }
  }

  private void checkDepth(int depth) throws JsonException {
    // The object that beginObject entered counts as well.
    if (depth >= MAX_DEPTH) {
      throw new JsonException(Problem.DEPTH, position);
    }
  }

  private void skipNumber() throws JsonException {
    if (json[position] == '-') {
      position++;
      if (valueStartsWith('I')) {
        expectWord("Infinity");
        return;
      }
    }
    if (valueStartsWith('0')) {
      position++;
    } else {
      skipDigits();
    }
    if (valueStartsWith('.')) {
      position++;
      skipDigits();
    }
    if (valueStartsWith('e') || valueStartsWith('E')) {
      position++;
      if (valueStartsWith('+') || valueStartsWith('-')) {
        position++;
      }
      skipDigits();
    }
  }

  private void skipDigits() throws JsonException {
    int start = position;
    while (position < end && json[position] >= '0' && json[position] <= '9') {
      position++;
    }
    if (position == start) {
      throw new JsonException(Problem.SYNTAX, position);
    }
  }

  private void expectWord(String word) throws JsonException {
    for (int i = 0; i < word.length(); i++) {
      expect(word.charAt(i));
    }
  }

  private void expect(char wanted) throws JsonException {
    if (position >= end || json[position] != wanted) {
      throw new JsonException(Problem.SYNTAX, position);
    }
    position++;
  }

  private void skipWhitespace() {
    while (position < end) {
      byte at = json[position];
      if (at != ' ' && at != '\n' && at != '\r' && at != '\t') {
        return;
      }
      position++;
    }
  }
}
