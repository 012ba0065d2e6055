// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import io.elasticjupyter.api.Labels;
import io.elasticjupyter.kernels.replicas.Replica;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The Leases of a gateway's replicas by when they were seen to change, on the clock of whoever
 * looks: times in them are others' clocks. Safe for any thread.
 */
final class SeenLeases {

  private final Duration lasts;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Seen> seen = new HashMap<>();

  private record Seen(Lease lease, @Nullable ZonedDateTime renewTime, long at) {}

  /**
   * @param lasts how long a replica lives after its Lease has changed
   * @param nanoTime as {@link System#nanoTime}
   */
  SeenLeases(Duration lasts, LongSupplier nanoTime) {
    this.lasts = lasts;
    this.nanoTime = nanoTime;
  }

  /** Takes in a Lease as it is now. */
  void saw(Lease lease) {
    lock.lock();
    try {
      String name = lease.getMetadata().getName();
      Seen before = seen.get(name);
      ZonedDateTime renewTime = lease.getSpec() == null ? null : lease.getSpec().getRenewTime();
      boolean silent = before != null && Objects.equals(before.renewTime(), renewTime);
      long at = before != null && silent ? before.at() : nanoTime.getAsLong();
      seen.put(name, new Seen(lease, renewTime, at));
    } finally {
      lock.unlock();
    }
  }

  /** A Lease was taken away. */
  void gone(String name) {
    lock.lock();
    try {
      seen.remove(name);
    } finally {
      lock.unlock();
    }
  }

  /** Lets everybody live the whole time from now, because nobody could be heard for a while. */
  void giveTheWholeTime() {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      seen.replaceAll((name, each) -> new Seen(each.lease(), each.renewTime(), now));
    } finally {
      lock.unlock();
    }
  }

  /**
   * The replicas that live, but for one.
   *
   * @param judging whether those that are silent are taken for dead
   */
  List<Replica> liveBut(String name, boolean judging) {
    List<Replica> live = new ArrayList<>();
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      for (Map.Entry<String, Seen> each : seen.entrySet()) {
        if (!each.getKey().equals(name)
            && (!judging || now - each.getValue().at() <= lasts.toNanos())) {
          replica(each.getValue().lease()).ifPresent(live::add);
        }
      }
    } finally {
      lock.unlock();
    }
    return live;
  }

  /** Those that have not changed for so long. */
  List<Lease> silentFor(Duration time) {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      return seen.values().stream()
          .filter(each -> now - each.at() > time.toNanos())
          .map(Seen::lease)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  private static Optional<Replica> replica(Lease lease) {
    Map<String, String> annotations =
        Objects.requireNonNullElse(lease.getMetadata().getAnnotations(), Map.of());
    String address = annotations.get(Labels.REPLICA_ADDRESS);
    String holder = lease.getSpec() == null ? null : lease.getSpec().getHolderIdentity();
    return address == null || holder == null || address.indexOf(':') < 0
        ? Optional.empty()
        : Optional.of(
            new Replica(
                lease.getMetadata().getName(),
                holder,
                address,
                annotations.containsKey(Labels.REPLICA_LEAVING)));
  }
}
