// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.load;

/** Finds ASCII markers in raw JSON, so that a message can be counted without being parsed. */
final class ByteSearch {
  private ByteSearch() {}

  /** Index of the first occurrence inside {@code [from, to)}, or -1. */
  static int indexOf(byte[] data, int from, int to, byte[] wanted) {
    byte first = wanted[0];
    int last = to - wanted.length;
    for (int index = from; index <= last; index++) {
      if (data[index] == first && matches(data, index, wanted)) {
        return index;
      }
    }
    return -1;
  }

  /** How often it occurs inside {@code [from, to)}, overlaps not counted. */
  static int count(byte[] data, int from, int to, byte[] wanted) {
    int found = 0;
    int index = indexOf(data, from, to, wanted);
    while (index >= 0) {
      found++;
      index = indexOf(data, index + wanted.length, to, wanted);
    }
    return found;
  }

  static boolean matches(byte[] data, int index, byte[] wanted) {
    for (int offset = 0; offset < wanted.length; offset++) {
      if (data[index + offset] != wanted[offset]) {
        return false;
      }
    }
    return true;
  }
}
