// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner;

import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.hibernation.PinnedSleep;
import io.elasticjupyter.kernels.hibernation.SleepRoom;
import io.elasticjupyter.kernels.hibernation.SnapshotKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs kernels. Safe for any thread; calls may block. */
public interface Provisioner {

  /**
   * Looks whether a kernel may be asked for at all, before anything of it is noted.
   *
   * @throws KernelFailure.NotAllowed with a sentence for its user
   */
  default void check(LaunchRequest request) throws KernelFailure {}

  /**
   * Starts what runs the kernel; answers when it was started, which is long before the kernel
   * answers.
   *
   * @throws KernelFailure.LaunchFailed if it cannot be started, with a sentence for its user
   */
  KernelProcess launch(LaunchRequest request) throws KernelFailure;

  /**
   * Takes over what an earlier run of the gateway started.
   *
   * @param record null where that run ended before it could note what it had started
   * @return empty where it is gone
   * @throws KernelFailure.LaunchFailed if it is there and cannot be spoken to, and so was ended
   */
  Optional<KernelProcess> adopt(LaunchRequest request, @Nullable ProcessRecord record)
      throws KernelFailure;

  /** Forgets a kernel that was ended for good, after its process. */
  default void forget(LaunchRequest request) {}

  /**
   * Whether {@link #forget} ends the kernel's process as well, with some time to end in order, so
   * that nobody needs to wait for that before.
   */
  default boolean forgettingEnds() {
    return false;
  }

  /** Kernels that this provisioner knows from elsewhere than the gateway's state directory. */
  default List<KnownKernel> known() {
    return List.of();
  }

  /**
   * What kernels need to keep their variables while they have no process; empty where they cannot.
   *
   * @param stateDirectory the gateway's
   */
  default Optional<SleepRoom> sleepRoom(Path stateDirectory) throws IOException {
    return Optional.empty();
  }

  /**
   * What keeps kernels' whole processes beside their variables; empty where it cannot be done.
   *
   * @param keys by which an image is known as this gateway's
   */
  default Optional<ProcessImages> processImages(SnapshotKeys keys) {
    return Optional.empty();
  }

  /**
   * Notes, where a gateway without this one's state directory finds it, that a kernel's variables
   * are in a snapshot.
   *
   * @throws KernelFailure if that is not noted, so that the kernel must keep its process
   */
  default void pin(LaunchRequest request, PinnedSleep sleep) throws KernelFailure {}

  /** Notes likewise that its variables are in its process again, or wanted no more. */
  default void unpin(LaunchRequest request) {}

  /** Notes how long a kernel held what it is given, where others find it. */
  default void account(LaunchRequest request, HeldTime held) {}

  /** What somebody wishes of a kernel and is not done yet. */
  default Optional<Wish> wish(KernelId kernel) {
    return Optional.empty();
  }

  /** Says who is told which kernel to look at, since there may be a wish. Called once. */
  default void onWish(Consumer<KernelId> heard) {}

  /** Takes a wish back that cannot be fulfilled, and tells whoever wished it. */
  default void refuseWish(LaunchRequest request, String why) {}

  /**
   * Limits what a kernel's folder takes. Called from a timer.
   *
   * @param folder the kernel's own
   */
  default void keepHouse(Path folder) {}
}
