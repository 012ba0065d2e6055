// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.websocket;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Buffers that websockets borrow while they write, so that an idle one holds none. Outside the
 * heap, because the system would copy them there anyway. Some are kept; the rest is left to the
 * collector. Safe for any thread.
 */
public final class WriteBuffers {

  /** A write of this size costs far more than the call that does it. */
  static final int BYTES = 64 << 10;

  private static final int KEPT = 32;

  private final ArrayBlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(KEPT);

  ByteBuffer acquire() {
    ByteBuffer kept = free.poll();
    return kept == null ? ByteBuffer.allocateDirect(BYTES) : kept;
  }

  void release(ByteBuffer buffer) {
    buffer.clear();
    // A full pool drops it.
    boolean _ = free.offer(buffer);
  }
}
