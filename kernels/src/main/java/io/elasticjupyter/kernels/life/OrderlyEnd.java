// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.KernelSettings;
import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.wire.message.Messages;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends a kernel's process: asks it, then SIGTERM, then SIGKILL, the signals to its whole process
 * group, and at the end a SIGKILL to what is left of the group. Blocks until the process is gone.
 */
final class OrderlyEnd {

  private static final System.Logger LOG = System.getLogger(OrderlyEnd.class.getName());
  private static final Duration AFTER_KILL = Duration.ofSeconds(5);
  private static final Duration HANDOVER = Duration.ofMillis(200);
  private static final Duration POLL = Duration.ofMillis(20);

  private final KernelSettings settings;
  private final Messages messages;

  OrderlyEnd(KernelSettings settings, Messages messages) {
    this.settings = settings;
    this.messages = messages;
  }

  /**
   * @param link null where the kernel never answered, so that there is nobody to ask
   * @param restart whether the kernel is told that it will be started again
   */
  void end(KernelProcess process, @Nullable KernelLink link, boolean restart)
      throws InterruptedException {
    boolean gone = !process.isAlive();
    if (!gone && link != null) {
      gone = asked(process, link, restart);
    }
    if (!gone) {
      process.terminate();
      gone = isGone(process, settings.terminateGrace());
    }
    // Also where the kernel itself ended in order: what it started shall not outlive it.
    kill(process);
  }

  /** Ends it at once, so that nothing of the user's runs any more. */
  void kill(KernelProcess process) throws InterruptedException {
    process.kill();
    awaitKilled(process);
  }

  /** Tells a process to end by itself. */
  interface Leave {
    void tell() throws InterruptedException;
  }

  /**
   * The same with a process whose variables are saved.
   *
   * @param leave tells a process that is not gone at once to go
   */
  void giveBack(KernelProcess process, Leave leave) throws InterruptedException {
    process.giveBack();
    if (process.isAlive()) {
      leave.tell();
    }
    awaitKilled(process);
  }

  private static void awaitKilled(KernelProcess process) throws InterruptedException {
    if (!isGone(process, AFTER_KILL)) {
      LOG.log(
          Level.WARNING,
          "event=process-survives-kill pid={0,number,#} likely=waits-for-a-device",
          process.record().pid());
    }
    process.release();
  }

  private boolean asked(KernelProcess process, KernelLink link, boolean restart)
      throws InterruptedException {
    AtomicBoolean refused = new AtomicBoolean();
    Thread _ = ask(link, restart, refused, process::askedToEnd);
    return isGone(process, settings.shutdownGrace(), refused);
  }

  /** Asks a kernel to end whose process others end, and does not wait for what it does. */
  void ask(KernelLink link) throws InterruptedException {
    if (!ask(link, false, new AtomicBoolean(), () -> {}).join(HANDOVER)) {
      LOG.log(Level.DEBUG, "event=shutdown-request-not-taken");
    }
  }

  /** By a thread of its own, since a kernel that hangs may not take it. */
  private Thread ask(KernelLink link, boolean restart, AtomicBoolean refused, Runnable afterwards) {
    return Thread.ofVirtual()
        .name("kernel-shutdown-request")
        .start(() -> {
          try {
            link.send(messages.shutdownRequest(restart));
            afterwards.run();
          } catch (IOException e) {
            LOG.log(Level.DEBUG, "event=shutdown-request-not-sent reason={0}", e.toString());
            refused.set(true);
          }
        });
  }

  private static boolean isGone(KernelProcess process, Duration timeout)
      throws InterruptedException {
    return isGone(process, timeout, new AtomicBoolean());
  }

  /** Asks as well, since the end of a process that is not our own child is told seconds late. */
  private static boolean isGone(KernelProcess process, Duration timeout, AtomicBoolean hopeless)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (process.isAlive()) {
      long left = Math.min(deadline - System.nanoTime(), POLL.toNanos());
      if (left <= 0 || hopeless.get()) {
        return false;
      }
      try {
        process.exited().get(left, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // Looks again.
      } catch (ExecutionException e) {
        throw new IllegalStateException("waiting for a process", e);
      }
    }
    return true;
  }
}
