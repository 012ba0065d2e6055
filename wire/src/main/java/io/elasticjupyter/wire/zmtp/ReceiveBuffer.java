// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a byte source in large steps while a flood lasts and in small ones else.
 *
 * <p>A read that fills the buffer means that more is waiting, so the next one gets a larger buffer.
 * A read that does not fill it means that the source is drained, so the next one is likely to block
 * for long and is done with the small buffer; the large one is then only weakly held, so that a
 * socket which stays idle gives it back. Refilling happens only when the buffer is empty: nothing
 * is ever moved.
 */
final class ReceiveBuffer {

  static final int IDLE_BYTES = 2048;

  private static final int GROWTH = 4;

  /** Parts up to this size are believed and get their array at once. */
  static final int TRUSTED_BYTES = 16 * 1024 * 1024;

  private final ByteSource source;
  private final int maxBytes;
  private final byte[] idle = new byte[IDLE_BYTES];
  private @Nullable WeakReference<byte[]> spare;

  private byte[] bytes = idle;
  private int position;
  private int limit;
  private boolean drained = true;

  ReceiveBuffer(ByteSource source, int maxBytes) {
    this.source = source;
    this.maxBytes = maxBytes;
  }

  int buffered() {
    return limit - position;
  }

  /** What the socket holds while it waits, for tests of its footprint. */
  int capacity() {
    return bytes.length;
  }

  /** The next byte, 0 to 255. Blocks if none is buffered. */
  int next() throws IOException {
    if (position == limit) {
      refill();
    }
    return bytes[position++] & 0xff;
  }

  /** Eight bytes in network order. */
  long nextLong() throws IOException {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | next();
    }
    return value;
  }

  /**
   * The next {@code size} bytes in an array of their own. A size is only a claim of the peer: above
   * {@link #TRUSTED_BYTES} the array grows with what really arrives.
   */
  byte[] take(int size) throws IOException {
    byte[] target = new byte[Math.min(size, TRUSTED_BYTES)];
    int filled = 0;
    while (true) {
      filled = fill(target, filled);
      if (filled == size) {
        return target;
      }
      target = Arrays.copyOf(target, (int) Math.min(size, (long) target.length * GROWTH));
    }
  }

  /** Reads that many bytes and keeps none. */
  void skip(long count) throws IOException {
    long left = count;
    while (left > 0) {
      if (position == limit) {
        refill();
      }
      int step = (int) Math.min(left, limit - position);
      position += step;
      left -= step;
    }
  }

  private int fill(byte[] target, int from) throws IOException {
    int filled = from;
    while (filled < target.length) {
      int missing = target.length - filled;
      if (position == limit && missing >= nextCapacity() / 2) {
        int count = source.read(target, filled, missing);
        if (count < 0) {
          throw new EOFException();
        }
        filled += count;
        drained |= count < missing;
      } else {
        if (position == limit) {
          refill();
        }
        int count = Math.min(missing, limit - position);
        System.arraycopy(bytes, position, target, filled, count);
        position += count;
        filled += count;
      }
    }
    return filled;
  }

  private int nextCapacity() {
    return drained ? IDLE_BYTES : (int) Math.min(maxBytes, (long) bytes.length * GROWTH);
  }

  private void refill() throws IOException {
    bytes = nextBuffer(nextCapacity());
    position = 0;
    limit = 0;
    int count = source.read(bytes, 0, bytes.length);
    if (count < 0) {
      throw new EOFException();
    }
    limit = count;
    drained = count < bytes.length;
  }

  private byte[] nextBuffer(int capacity) {
    if (capacity <= IDLE_BYTES) {
      return idle;
    }
    byte[] kept = spare == null ? null : spare.get();
    if (kept == null || kept.length < capacity) {
      kept = new byte[capacity];
      spare = new WeakReference<>(kept);
    }
    return kept;
  }
}
