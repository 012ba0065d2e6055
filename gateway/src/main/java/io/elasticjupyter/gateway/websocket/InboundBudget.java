// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.websocket;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of large messages may be in the making at once, over all websockets: clients that
 * each stay within the limit of one message must not exhaust the heap together. Over it a client is
 * told to come again. Safe for any thread.
 */
public final class InboundBudget {

  private final AtomicLong free;

  public InboundBudget(long bytes) {
    this.free = new AtomicLong(bytes);
  }

  /** Takes bytes from the budget; false where it has not got them. */
  boolean reserve(long bytes) {
    long left = free.addAndGet(-bytes);
    if (left < 0) {
      free.addAndGet(bytes);
      return false;
    }
    return true;
  }

  void release(long bytes) {
    free.addAndGet(bytes);
  }

  /** For metrics and tests. */
  public long free() {
    return free.get();
  }
}
