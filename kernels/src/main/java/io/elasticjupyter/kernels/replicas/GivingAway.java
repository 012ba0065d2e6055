// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.life.ManagedKernel;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Gives the kernels of a replica that leaves to others. The other listens to a kernel before this
 * one ends to, so that nothing is said to nobody.
 */
final class GivingAway {

  private static final System.Logger LOG = System.getLogger(GivingAway.class.getName());

  private static final Duration OUTPUT_FOLLOWED = Duration.ofSeconds(4);
  private static final int AT_ONCE = 64;

  private final Territory.Holder holder;
  private final StandbyCopies copies;
  private final Function<KernelId, Optional<Replica>> standby;
  private final Semaphore room = new Semaphore(AT_ONCE);

  GivingAway(
      Territory.Holder holder,
      StandbyCopies copies,
      Function<KernelId, Optional<Replica>> standby) {
    this.holder = holder;
    this.copies = copies;
    this.standby = standby;
  }

  /** Returns when all are given, or it is known that they are not. */
  void give(List<ManagedKernel> kernels) throws InterruptedException {
    List<Thread> giving = new ArrayList<>();
    for (ManagedKernel kernel : kernels) {
      giving.add(
          Thread.ofVirtual().name("kernel-giving-" + kernel.id()).start(() -> giveInTurn(kernel)));
    }
    for (Thread each : giving) {
      each.join();
    }
  }

  private void giveInTurn(ManagedKernel kernel) {
    try {
      room.acquire();
      try {
        give(kernel);
      } finally {
        room.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void give(ManagedKernel kernel) throws InterruptedException {
    Optional<Replica> to = standby.apply(kernel.id());
    if (to.isEmpty()) {
      return;
    }
    Copying copy = copies.to(kernel, to.get());
    boolean followed = copy.awaitFollowed(OUTPUT_FOLLOWED);
    copy.stopForHandover();
    holder.letGo(
        kernel.id(),
        () -> {
          boolean taken = copy.giveAway();
          LOG.log(
              taken ? Level.INFO : Level.WARNING,
              "event=kernel-given-away kernel={0} to={1} taken={2} output-followed={3}",
              kernel.id(),
              copy.to().name(),
              taken,
              followed);
        });
    copies.stop(kernel.id());
  }
}
