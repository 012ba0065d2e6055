// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage.Allowance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which snapshots of a kernel are kept, and what they take of the gateway's limits. By the kernel's
 * own thread.
 */
final class SnapshotKeeping {

  private final KernelIdentity identity;
  private final KernelParts parts;

  SnapshotKeeping(KernelIdentity identity, KernelParts parts) {
    this.identity = identity;
    this.parts = parts;
  }

  /** What a new snapshot may have. */
  Allowance allowance(HibernationSettings settings) {
    return parts.usage().allowance(identity.id(), identity.username(), settings.maxBytes());
  }

  /**
   * Counts a snapshot that was saved; answers what stands against it, if something does.
   *
   * @param imageBytes of the process, beside its variables
   */
  Optional<Allowance> admit(Snapshot snapshot, long imageBytes) {
    return parts
        .usage()
        .admit(identity.id(), identity.username(), snapshot.report().bytes() + imageBytes);
  }

  /** Tells whoever watches that a limit kept a kernel from sleeping. */
  void refused(Allowance allowance) {
    parts.monitor().snapshotRefused(allowance.limit().label());
  }

  /**
   * Keeps a snapshot, and the one before until the next is verified, where there is room for both.
   *
   * @return false where there was not
   */
  boolean keep(Snapshot snapshot, Optional<Snapshot> before) {
    List<Integer> kept = new ArrayList<>(List.of(snapshot.generation()));
    before.ifPresent(each -> kept.add(each.generation()));
    keepOnly(kept);
    long bytes = bytes();
    if (before.isPresent() && bytes > allowed()) {
      keepOnly(List.of(snapshot.generation()));
      note(bytes(), true);
      return false;
    }
    note(bytes, true);
    return true;
  }

  private long allowed() {
    return parts.usage().allowance(identity.id(), identity.username(), Long.MAX_VALUE).bytes();
  }

  /** Keeps what was there, after a save that came to nothing. */
  void giveUp(Optional<Snapshot> before) {
    keepOnly(before.map(Snapshot::generation).map(List::of).orElse(List.of()));
    count(false);
  }

  private void keepOnly(List<Integer> generations) {
    parts
        .sleepRoom()
        .ifPresent(room -> room.place().keepOnly(identity.folder().path(), generations));
  }

  /** Removes all of them. */
  void removeAll(boolean asleep) {
    keepOnly(List.of());
    note(bytes(), asleep);
  }

  /** Counts what there is. */
  void count(boolean asleep) {
    if (parts.sleepRoom().isPresent()) {
      note(bytes(), asleep);
    }
  }

  /** The kernel is gone. */
  void forget() {
    parts.usage().forget(identity.id());
    parts.monitor().kept(parts.usage().totals());
  }

  private long bytes() {
    return parts.sleepRoom().map(room -> room.place().bytes(identity.folder().path())).orElse(0L);
  }

  private void note(long bytes, boolean asleep) {
    parts.usage().note(identity.id(), identity.username(), bytes, asleep);
    parts.monitor().kept(parts.usage().totals());
  }
}
