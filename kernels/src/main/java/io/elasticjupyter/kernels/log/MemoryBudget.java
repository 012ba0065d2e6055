// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that the logs of all kernels may use together. A log that would exceed it keeps only
 * {@link #FLOOR} bytes in memory and puts the rest on disk. Safe for any thread.
 */
public final class MemoryBudget {

  /** What every log may keep in memory whatever the others hold. */
  static final long FLOOR = 64 * 1024;

  private final long limit;
  private final AtomicLong used = new AtomicLong();

  /** A budget of {@code limit} bytes. */
  public MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** Bytes that all logs hold in memory now. */
  public long used() {
    return used.get();
  }

  void add(long bytes) {
    used.addAndGet(bytes);
  }

  boolean exhausted() {
    return used.get() > limit;
  }
}
