// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The masking of what clients send (RFC 6455 section 5.3). */
final class Mask {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Mask() {}

  /**
   * Takes the mask off in place, eight bytes at a time.
   *
   * @param key the four key bytes, first one highest
   * @param phase how many bytes of the same frame went before
   */
  static void remove(byte[] bytes, int from, int to, int key, long phase) {
    int turned = Integer.rotateLeft(key, 8 * (int) (phase & 3));
    long wide = ((long) turned << 32) | (turned & 0xFFFF_FFFFL);
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ wide);
    }
    for (int shift = 56; i < to; i++, shift -= 8) {
      bytes[i] ^= (byte) (wide >>> shift);
    }
  }
}
