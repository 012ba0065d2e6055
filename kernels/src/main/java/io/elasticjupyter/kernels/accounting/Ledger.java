// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.accounting;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The account of one kernel, kept by looking at it often: the time since the last look goes to the
 * use that was seen then. Time in which no gateway looked goes nowhere. Safe for any thread.
 */
public final class Ledger {

  /** Longer than this between two looks means that nobody looked, as while a machine sleeps. */
  private static final Duration LONGEST_GAP = Duration.ofMinutes(1);

  private final ReentrantLock lock = new ReentrantLock();
  private HeldTime held;
  private Use use = Use.NONE;
  private Instant looked;

  /**
   * @param before what an earlier gateway counted
   */
  public Ledger(HeldTime before, Instant now) {
    this.held = before;
    this.looked = now;
  }

  /** A stretch of time that went to one use. */
  public record Stretch(Use use, Duration time) {}

  /** Takes in what the kernel does now; answers what was counted. */
  public Stretch look(Use now, Instant at) {
    lock.lock();
    try {
      Duration since = Duration.between(looked, at);
      boolean counts = !since.isNegative() && since.compareTo(LONGEST_GAP) <= 0;
      Stretch stretch = new Stretch(use, counts ? since : Duration.ZERO);
      held = held.plus(use, stretch.time().toMillis());
      use = now;
      looked = at;
      return stretch;
    } finally {
      lock.unlock();
    }
  }

  /** Everything so far. */
  public HeldTime held() {
    lock.lock();
    try {
      return held;
    } finally {
      lock.unlock();
    }
  }
}
