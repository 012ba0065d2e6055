// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.life.ManagedKernel;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import io.elasticjupyter.kernels.provisioner.Wish;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Saves kernels whose processes are about to be taken away. One that runs a cell is left to finish
 * it for half of the time that there is, and then interrupted: a cell that has to be run again is
 * less than all variables. Safe for any thread.
 */
final class Departures {

  private static final System.Logger LOG = System.getLogger(Departures.class.getName());
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Provisioner provisioner;
  private final InstantSource clock;

  /** Until when each kernel may stay whose departure was begun, so that each is tried once. */
  private final Map<KernelId, Instant> tried = new ConcurrentHashMap<>();

  Departures(Provisioner provisioner, InstantSource clock) {
    this.provisioner = provisioner;
    this.clock = clock;
  }

  /** Begins to save the kernel, unless that goes on already, or came to its end. */
  void begin(ManagedKernel kernel, Wish.Leave wish) {
    Instant now = clock.instant();
    tried.values().removeIf(until -> until.isBefore(now));
    if (wish.until().equals(tried.put(kernel.id(), wish.until()))) {
      return;
    }
    LOG.log(
        Level.INFO,
        "event=kernel-leaves kernel={0} until={1} why={2}",
        kernel.id(),
        wish.until(),
        wish.why());
    Thread _ =
        Thread.ofVirtual().name("kernel-leaves-" + kernel.id()).start(() -> save(kernel, wish));
  }

  private void save(ManagedKernel kernel, Wish.Leave wish) {
    Instant begun = clock.instant();
    Instant patience = begun.plus(Duration.between(begun, wish.until()).dividedBy(2));
    boolean interrupted = false;
    String trouble = "";
    while (clock.instant().isBefore(wish.until()) && isWished(kernel)) {
      switch (kernel.leave(wish.why()).join()) {
        case HibernationOutcome.Hibernated _ -> {
          return;
        }
        case HibernationOutcome.Failed(String why, boolean forGood) -> {
          trouble = why;
          if (forGood) {
            kernel.leavesUnsaved(wish.why(), why);
            return;
          }
        }
        case HibernationOutcome.Unfit(String why) -> trouble = why;
        case HibernationOutcome.Refused _ -> {
          if (!interrupted && !clock.instant().isBefore(patience)) {
            interrupted = true;
            interrupt(kernel);
          }
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    if (!trouble.isEmpty()) {
      kernel.leavesUnsaved(wish.why(), trouble);
    }
  }

  private boolean isWished(ManagedKernel kernel) {
    return provisioner.wish(kernel.id()).filter(Wish.Leave.class::isInstance).isPresent();
  }

  private static void interrupt(ManagedKernel kernel) {
    try {
      kernel.interrupt();
    } catch (KernelFailure e) {
      LOG.log(
          Level.WARNING,
          "event=leaving-kernel-not-interrupted kernel={0} reason={1}",
          kernel.id(),
          e.getMessage());
    }
  }
}
