// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.life.ManagedKernel;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import io.elasticjupyter.kernels.provisioner.Wish;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Does what somebody wishes of kernels by way of their provisioner. Looked at again and again: a
 * kernel that is in use hibernates, or moves, when it is not any more. Safe for any thread.
 */
final class Wishes {

  private static final System.Logger LOG = System.getLogger(Wishes.class.getName());

  private final Provisioner provisioner;
  private final Departures departures;

  Wishes(Provisioner provisioner, InstantSource clock) {
    this.provisioner = provisioner;
    this.departures = new Departures(provisioner, clock);
  }

  /** Begins to do what is wished of a kernel; false where that is nothing. */
  boolean heed(ManagedKernel kernel) {
    Optional<Wish> wish = provisioner.wish(kernel.id());
    wish.ifPresent(wished -> heed(kernel, wished));
    return wish.isPresent();
  }

  private void heed(ManagedKernel kernel, Wish wish) {
    switch (wish) {
      case Wish.Hibernate() -> tell(kernel, kernel.hibernate());
      case Wish.Leave leave -> departures.begin(kernel, leave);
      case Wish.Wake() -> wake(kernel);
      case Wish.Move(String name, var found) when found.isEmpty() ->
          provisioner.refuseWish(
              kernel.launchRequest(), "There is no kernelspec %s to move to.".formatted(name));
      case Wish.Move(String _, var found) -> tell(kernel, kernel.move(found.orElseThrow()));
    }
  }

  private void tell(ManagedKernel kernel, CompletableFuture<HibernationOutcome> wished) {
    CompletableFuture<Void> _ =
        wished.thenAccept(outcome -> {
          switch (outcome) {
            case HibernationOutcome.Failed failed ->
                provisioner.refuseWish(kernel.launchRequest(), failed.why());
            case HibernationOutcome.Unfit unfit ->
                provisioner.refuseWish(kernel.launchRequest(), unfit.why());
            case HibernationOutcome.Hibernated _, HibernationOutcome.Refused _ -> {}
          }
        });
  }

  private void wake(ManagedKernel kernel) {
    try {
      kernel.wake();
    } catch (KernelFailure.HibernationFailed e) {
      provisioner.refuseWish(kernel.launchRequest(), String.valueOf(e.getMessage()));
    } catch (KernelFailure e) {
      LOG.log(Level.WARNING, "event=kernel-not-woken kernel={0} reason={1}", kernel.id(), e.code());
    }
  }
}
