// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Knows whether this process was stopped for a while, as a debugger, a frozen machine or SIGSTOP
 * do: the world went on without it, and nobody has told it yet. Safe for any thread.
 */
final class Pulse implements AutoCloseable {

  private static final Duration BEAT = Duration.ofMillis(200);

  /** More than a busy machine makes a thread wait, less than others wait before they take over. */
  private static final Duration GAP = Duration.ofSeconds(3);

  private final AtomicInteger gaps = new AtomicInteger();
  private final Semaphore stop = new Semaphore(0);
  private volatile long lastBeat = System.nanoTime();

  void start() {
    Thread thread = new Thread(this::beat, "pulse");
    thread.setDaemon(true);
    thread.start();
  }

  private void beat() {
    try {
      while (!stop.tryAcquire(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
        if (!isSteady()) {
          gaps.incrementAndGet();
        }
        lastBeat = System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it beat a moment ago; known to whoever runs first after a stop. */
  boolean isSteady() {
    return System.nanoTime() - lastBeat < GAP.toNanos();
  }

  /** How often it did not. */
  int gaps() {
    return gaps.get();
  }

  @Override
  public void close() {
    stop.release();
  }
}
