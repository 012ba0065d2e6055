// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import io.elasticjupyter.kernels.KernelSettings;
import io.elasticjupyter.kernels.log.MemoryBudget;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import io.elasticjupyter.kernels.store.KernelStore;
import io.elasticjupyter.wire.zmtp.ZmtpOptions;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What one of several gateways knows the others by.
 *
 * @param replicas who is there
 * @param claims whose each kernel is
 * @param peers the way to the others
 */
public record ReplicaSet(Replicas replicas, Claims claims, Peers peers) {

  /** A replica's territory; not begun. */
  public Territory territory(
      Territory.Holder holder,
      KernelStore store,
      Provisioner provisioner,
      KernelSettings settings,
      MemoryBudget logMemory,
      InstantSource clock) {
    ZmtpOptions options =
        ZmtpOptions.defaults()
            .withMaxMessageBytes(settings.maxMessageBytes())
            .withHandshakeTimeout(Duration.ofSeconds(2))
            .withConnectTimeout(Duration.ofSeconds(2));
    return new Territory(
        replicas,
        claims,
        peers,
        holder,
        new KernelCopies(store, provisioner, settings.log(), logMemory, options),
        clock);
  }
}
