// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Closes a channel unless the work on it finishes in time: blocking channels have no timeouts of
 * their own. Costs one virtual thread for as long as the work lasts.
 */
final class Deadline {

  private static final System.Logger LOG = System.getLogger(Deadline.class.getName());

  /** What is to be done in time, blocking on the channel. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  private enum State {
    RUNNING,
    FINISHED,
    EXPIRED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
  private final CountDownLatch finished = new CountDownLatch(1);

  private Deadline() {}

  /** Returns what the work returns. If it fails or is late, the channel is closed. */
  static <T> T within(
      Duration limit, Closeable channel, Work<T> work, Supplier<? extends ZmtpException> late)
      throws IOException {
    Deadline deadline = new Deadline();
    Thread.ofVirtual().name("zmtp-deadline").start(() -> deadline.watch(limit, channel));
    try {
      T result = work.run();
      if (deadline.finish()) {
        return result;
      }
    } catch (IOException | RuntimeException | Error failure) {
      if (deadline.finish()) {
        close(channel);
        throw failure;
      }
    }
    throw late.get();
  }

  private boolean finish() {
    boolean inTime = state.compareAndSet(State.RUNNING, State.FINISHED);
    finished.countDown();
    return inTime;
  }

  private void watch(Duration limit, Closeable channel) {
    try {
      if (!finished.await(limit.toNanos(), TimeUnit.NANOSECONDS)
          && state.compareAndSet(State.RUNNING, State.EXPIRED)) {
        close(channel);
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("nobody knows this thread", interrupted);
    }
  }

  private static void close(Closeable channel) {
    try {
      channel.close();
    } catch (IOException failure) {
      LOG.log(Level.DEBUG, "event=zmtp_close_failed cause={0}", failure.getMessage());
    }
  }
}
