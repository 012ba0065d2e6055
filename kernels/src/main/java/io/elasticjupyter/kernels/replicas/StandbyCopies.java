// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.life.ManagedKernel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The copies of this replica's kernels that others keep, and what keeps them true. For any thread.
 */
final class StandbyCopies {

  private final Peers peers;
  private final Map<KernelId, Copying> copying = new ConcurrentHashMap<>();

  StandbyCopies(Peers peers) {
    this.peers = peers;
  }

  /**
   * Lets each kernel that is had here, and no other, have its copy where it belongs.
   *
   * @param standby who is to keep a kernel's copy; empty where there is nobody
   */
  void tend(List<ManagedKernel> held, Function<KernelId, Optional<Replica>> standby) {
    for (ManagedKernel kernel : held) {
      Optional<Replica> wanted = standby.apply(kernel.id());
      Copying now = copying.get(kernel.id());
      if (now != null && wanted.filter(next -> next.id().equals(now.to().id())).isEmpty()) {
        stop(kernel.id());
      }
      wanted.ifPresent(replica -> to(kernel, replica));
    }
    Set<KernelId> ids = held.stream().map(ManagedKernel::id).collect(Collectors.toSet());
    List.copyOf(copying.keySet()).stream().filter(id -> !ids.contains(id)).forEach(this::stop);
  }

  /** What keeps a kernel's copy; begun with that replica where nothing does yet. */
  Copying to(ManagedKernel kernel, Replica replica) {
    return copying.computeIfAbsent(kernel.id(), id -> Copying.start(kernel, replica, peers));
  }

  void stop(KernelId kernel) {
    Copying ended = copying.remove(kernel);
    if (ended != null) {
      ended.end();
    }
  }

  void stopAll() {
    copying.keySet().forEach(this::stop);
  }
}
