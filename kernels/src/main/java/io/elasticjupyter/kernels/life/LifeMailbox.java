// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The events of one kernel's life, in order. Any thread posts; the kernel's own takes. */
final class LifeMailbox {

  /** Events come from a handful of threads, a few each; a full mailbox makes them wait. */
  private static final int CAPACITY = 256;

  private final BlockingQueue<LifeEvent> events = new LinkedBlockingQueue<>(CAPACITY);

  /** Waits for a place whatever happens: an event that is lost would leave a process behind. */
  void post(LifeEvent event) {
    boolean interrupted = false;
    boolean posted = false;
    while (!posted) {
      try {
        events.put(event);
        posted = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  LifeEvent take() throws InterruptedException {
    return events.take();
  }

  /** Drops what came too late; nothing that it opened stays open. */
  void discard() {
    for (LifeEvent event = events.poll(); event != null; event = events.poll()) {
      switch (event) {
        case LifeEvent.Answered answered -> answered.link().close();
        case LifeEvent.Detach detach -> detach.done().countDown();
        case LifeEvent.BroughtBack back -> back.process().kill();
        case LifeEvent.ImageTaken image -> image.process().resume();
        case LifeEvent.Hibernate hibernate ->
            hibernate.done().accept(new HibernationOutcome.Refused("The kernel has ended."));
        case LifeEvent.Launch _,
            LifeEvent.HelperAnswered _,
            LifeEvent.Wanted _,
            LifeEvent.RemoveOldSnapshots _,
            LifeEvent.EndAsked _,
            LifeEvent.StillWaiting _,
            LifeEvent.StartFailed _,
            LifeEvent.Exited _,
            LifeEvent.LinkLost _,
            LifeEvent.NotBroughtBack _,
            LifeEvent.Restart _,
            LifeEvent.Delete _ -> {}
      }
    }
  }
}
