// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Where the parts of the message lie that is being looked at. One view is reused for all messages
 * of a connection; it is valid until the next one is read. Not thread-safe.
 */
final class MessageView {
  private static final byte[] MESSAGE_TYPE = "\"msg_type\"".getBytes(US_ASCII);
  private static final byte[] HEADER_KEY = "\"header\"".getBytes(US_ASCII);
  private static final byte[] PARENT_KEY = "\"parent_header\"".getBytes(US_ASCII);
  private static final byte[] CONTENT_KEY = "\"content\"".getBytes(US_ASCII);
  private static final byte[] TEXT_KEY = "\"text\"".getBytes(US_ASCII);
  private static final int NUMBER_DIGITS = 8;

  private byte[] data = new byte[0];
  private int headerStart;
  private int headerEnd;
  private int parentStart;
  private int parentEnd;
  private int contentStart;
  private int contentEnd;

  void header(byte[] source, int start, int end) {
    data = source;
    headerStart = start;
    headerEnd = end;
  }

  void parent(int start, int end) {
    parentStart = start;
    parentEnd = end;
  }

  void content(int start, int end) {
    contentStart = start;
    contentEnd = end;
  }

  /** Finds the parts of a message of the legacy framing, which is one JSON object. */
  void legacy(byte[] source, int start, int end) {
    int header = ByteSearch.indexOf(source, start, end, HEADER_KEY);
    int parent = ByteSearch.indexOf(source, start, end, PARENT_KEY);
    int content = ByteSearch.indexOf(source, Math.max(start, parent), end, CONTENT_KEY);
    header(source, Math.max(start, header), end);
    parent(Math.max(start, parent), content < 0 ? end : content);
    content(Math.max(start, content), end);
  }

  boolean typeIs(byte[] type) {
    int key = ByteSearch.indexOf(data, headerStart, headerEnd, MESSAGE_TYPE);
    if (key < 0) {
      return false;
    }
    int open = key + MESSAGE_TYPE.length;
    while (open < headerEnd && data[open] != '"') {
      open++;
    }
    int close = open + 1 + type.length;
    return close < headerEnd && data[close] == '"' && ByteSearch.matches(data, open + 1, type);
  }

  boolean parentContains(byte[] wanted) {
    return ByteSearch.indexOf(data, parentStart, parentEnd, wanted) >= 0;
  }

  boolean contentContains(byte[] wanted) {
    return ByteSearch.indexOf(data, contentStart, contentEnd, wanted) >= 0;
  }

  int countInContent(byte[] wanted) {
    return ByteSearch.count(data, contentStart, contentEnd, wanted);
  }

  int contentLength() {
    return contentEnd - contentStart;
  }

  /** The eight digits with which the text of a stream message starts, or -1. */
  int textNumber() {
    return (int) textDigits(0, NUMBER_DIGITS);
  }

  /** The number written in so many digits from that place of the text on, or -1. */
  long textDigits(int from, int count) {
    int index = ByteSearch.indexOf(data, contentStart, contentEnd, TEXT_KEY);
    if (index < 0) {
      return -1;
    }
    index += TEXT_KEY.length;
    while (index < contentEnd && data[index] != '"') {
      index++;
    }
    index += 1 + from;
    if (index + count > contentEnd) {
      return -1;
    }
    long number = 0;
    for (int digit = 0; digit < count; digit++) {
      int value = data[index + digit] - '0';
      if (value < 0 || value > 9) {
        return -1;
      }
      number = number * 10 + value;
    }
    return number;
  }
}
