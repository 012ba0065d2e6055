// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What has to be told to the API server however long it is away: tried at once, then again behind,
 * less and less often. Safe for any thread.
 */
final class UntilDone {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private volatile boolean closed;

  /**
   * @param attempt answers whether nothing is left to be done
   */
  void run(String name, BooleanSupplier attempt) {
    if (!attempt.getAsBoolean()) {
      Thread.ofVirtual().name(name).start(() -> again(attempt));
    }
  }

  private void again(BooleanSupplier attempt) {
    Duration pause = FIRST_PAUSE;
    do {
      LockSupport.parkNanos(pause.toNanos());
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    } while (!closed && !attempt.getAsBoolean());
  }

  /** Tries nothing later any more. */
  void close() {
    closed = true;
  }
}
