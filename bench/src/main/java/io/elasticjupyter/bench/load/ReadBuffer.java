// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Bytes of a stream, read in large pieces and looked at in place. It starts small, because a
 * thousand idle connections share a machine, and grows while a flood lasts. Not thread-safe.
 */
final class ReadBuffer {
  private static final int FIRST_SIZE = 8 * 1024;
  private static final int FLOOD_SIZE = 512 * 1024;

  private final InputStream in;
  private final BeforeRead beforeRead;
  private byte[] data = new byte[FIRST_SIZE];
  private int start;
  private int limit;

  /** What must be sent before waiting for the other side, for example pongs that were held back. */
  interface BeforeRead {
    void run() throws IOException;
  }

  ReadBuffer(InputStream in, BeforeRead beforeRead) {
    this.in = in;
    this.beforeRead = beforeRead;
  }

  /** The backing array; valid until the next {@link #require}. */
  byte[] data() {
    return data;
  }

  /** Index of the first byte that was not skipped. */
  int start() {
    return start;
  }

  int available() {
    return limit - start;
  }

  void skip(int count) {
    start += count;
  }

  /** Waits until so many bytes from {@link #start} are there. */
  void require(int count) throws IOException {
    if (available() >= count) {
      return;
    }
    if (start == limit) {
      start = 0;
      limit = 0;
    }
    if (start + count > data.length) {
      makeRoom(count);
    }
    while (available() < count) {
      beforeRead.run();
      int read = in.read(data, limit, data.length - limit);
      if (read < 0) {
        throw new EOFException("closed by the other side");
      }
      limit += read;
      if (limit == data.length && data.length < FLOOD_SIZE) {
        makeRoom(Math.min(FLOOD_SIZE, data.length * 4));
      }
    }
  }

  /** Whether there are more than so many bytes that can be had without waiting. */
  boolean hasMoreThan(int count) throws IOException {
    return available() > count || in.available() > 0;
  }

  private void makeRoom(int count) {
    byte[] target = count > data.length ? new byte[Math.max(count, data.length * 2)] : data;
    System.arraycopy(data, start, target, 0, available());
    limit -= start;
    start = 0;
    data = target;
  }

  byte[] copy(int offset, int length) {
    return Arrays.copyOfRange(data, start + offset, start + offset + length);
  }
}
