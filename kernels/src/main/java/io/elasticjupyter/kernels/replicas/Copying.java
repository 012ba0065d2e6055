// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.life.KernelCopying;
import io.elasticjupyter.kernels.life.ManagedKernel;
import io.elasticjupyter.kernels.store.KernelCopy;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps the copy of one kernel at one other replica, on a thread of its own, until it is ended or
 * the kernel is given away to that replica.
 */
final class Copying {

  private static final System.Logger LOG = System.getLogger(Copying.class.getName());

  private static final Duration LOOK = Duration.ofMillis(250);

  /**
   * Between two pieces. What a client has is known at the other replica so much later; after a
   * sudden end of this one the client gets what it had in that time once more.
   */
  private static final Duration PACE = Duration.ofMillis(1);

  private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

  private final ManagedKernel kernel;
  private final Replica to;
  private final Peers peers;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CountDownLatch followed = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Semaphore pause = new Semaphore(0);
  private KernelCopying reading;
  private volatile boolean handingOver;

  private Copying(ManagedKernel kernel, Replica to, Peers peers) {
    this.kernel = kernel;
    this.to = to;
    this.peers = peers;
    this.reading = kernel.copying();
  }

  /** Begins. */
  static Copying start(ManagedKernel kernel, Replica to, Peers peers) {
    Copying copying = new Copying(kernel, to, peers);
    Thread.ofVirtual().name("kernel-copying-" + kernel.id()).start(copying::run);
    return copying;
  }

  private KernelId id() {
    return kernel.id();
  }

  /** To whom. */
  Replica to() {
    return to;
  }

  private void run() {
    try {
      while (!ended.get()) {
        Optional<KernelCopy> piece = reading.next(LOOK);
        if (piece.isPresent() && !give(piece.get())) {
          boolean _ = pause.tryAcquire(AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        } else if (piece.isPresent()) {
          boolean _ = pause.tryAcquire(PACE.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "event=copying-failed kernel=" + id(), e);
    } finally {
      if (!handingOver) {
        reading.close();
        drop();
      }
      stopped.countDown();
    }
  }

  /** A copy that is not kept must not be taken for the kernel. */
  private void drop() {
    try {
      peers.drop(to, id());
    } catch (IOException e) {
      LOG.log(
          Level.DEBUG,
          "event=copy-left kernel={0} at={1} consequence=given-up-there-later reason={2}",
          id(),
          to.name(),
          e.toString());
    }
  }

  private boolean give(KernelCopy piece) {
    try {
      Peers.Answer answer = peers.give(to, id(), piece);
      switch (answer) {
        case FOLLOWED -> {
          reading.arrived();
          followed.countDown();
        }
        case COPIED, TAKEN -> reading.arrived();
        case BEGIN_ANEW -> reading = reading.again();
        case REFUSED -> {
          return false;
        }
      }
      return answer != Peers.Answer.BEGIN_ANEW || !piece.whole();
    } catch (IOException e) {
      LOG.log(
          Level.DEBUG,
          "event=copy-not-taken kernel={0} to={1} reason={2}",
          id(),
          to.name(),
          e.toString());
      // Whether it arrived is not known.
      reading = reading.again();
      return false;
    }
  }

  /** Waits until the other replica listens to the kernel, too, so that nothing is missed. */
  boolean awaitFollowed(Duration timeout) throws InterruptedException {
    return followed.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Stops, so that {@link #giveAway} can go on. */
  void stopForHandover() throws InterruptedException {
    handingOver = true;
    end();
    stopped.await();
  }

  /**
   * Gives the kernel away, which this gateway has let go of, after {@link #stopForHandover}.
   *
   * @return whether it was taken
   */
  boolean giveAway() {
    try {
      while (true) {
        KernelCopy piece = reading.last();
        Peers.Answer answer = peers.give(to, id(), piece);
        switch (answer) {
          case TAKEN -> {
            return true;
          }
          case FOLLOWED, COPIED -> reading.arrived();
          case BEGIN_ANEW -> reading = reading.again();
          case REFUSED -> {
            return false;
          }
        }
      }
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "event=kernel-not-given kernel={0} to={1} reason={2}",
          id(),
          to.name(),
          e.toString());
      return false;
    } finally {
      reading.close();
    }
  }

  /** Ends the copying; the copy stays where it is until it is given up there. */
  void end() {
    ended.set(true);
    pause.release();
  }
}
