// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A kernel's process that a gateway stopped to write its image, and then was killed: it stands
 * still for as long as nobody lets it go on.
 */
final class StoppedProcess {

  private static final System.Logger LOG = System.getLogger(StoppedProcess.class.getName());

  /** What writes the image outlives the gateway, and stops the process once more at its end. */
  private static final Duration LONGEST_IMAGE = Duration.ofMinutes(10);

  private static final Duration POLL = Duration.ofMillis(50);

  private StoppedProcess() {}

  /** Lets it run if it stands still, beside the caller. */
  static void letRun(long pid) {
    if (stands(pid)) {
      Thread _ = Thread.ofVirtual().name("kernel-let-run").start(() -> awaitAndLetRun(pid));
    }
  }

  private static boolean stands(long pid) {
    try {
      return ProcFiles.isTraced(pid) || ProcFiles.state(pid) == 'T';
    } catch (IOException goneOrNotLinux) {
      return false;
    }
  }

  private static void awaitAndLetRun(long pid) {
    Semaphore pause = new Semaphore(0);
    long deadline = System.nanoTime() + LONGEST_IMAGE.toNanos();
    try {
      while (ProcFiles.isTraced(pid) && System.nanoTime() < deadline) {
        boolean _ = pause.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
      }
      if (ProcFiles.state(pid) == 'T') {
        Signals.Outcome outcome = Signals.toGroup(pid, Signals.SIGCONT);
        LOG.log(
            Level.INFO, "event=stopped-process-goes-on pid={0,number,#} signal={1}", pid, outcome);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "event=stopped-process-gone pid={0,number,#} reason={1}", pid, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
