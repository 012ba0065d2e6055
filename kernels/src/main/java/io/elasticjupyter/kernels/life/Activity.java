// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import java.time.Instant;

/** When a kernel did something last. Safe for any thread. */
final class Activity {

  private volatile Instant last;
  private volatile boolean answeredCell;

  Activity(Instant start) {
    this.last = start;
  }

  void touch(Instant now) {
    last = now;
  }

  Instant last() {
    return last;
  }

  /** Notes that a cell ended in order, so that a crash to come is the first in a row. */
  void noteAnsweredCell() {
    answeredCell = true;
  }

  /** Whether a cell ended in order since this was asked last. */
  boolean takeAnsweredCell() {
    boolean answered = answeredCell;
    answeredCell = false;
    return answered;
  }
}
