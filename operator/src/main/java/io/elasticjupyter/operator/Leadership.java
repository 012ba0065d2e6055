// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator;

import io.elasticjupyter.operator.monitoring.OperatorMeters;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** Which of several operators works, as they write it down in a Lease. Safe for any thread. */
final class Leadership {

  private static final System.Logger LOG = System.getLogger(Leadership.class.getName());
  private static final String LEASE = "elastic-jupyter-operator";

  private final KubernetesClient client;
  private final String namespace;
  private final OperatorMeters meters;
  private final AtomicBoolean everLed = new AtomicBoolean();

  Leadership(KubernetesClient client, String namespace, OperatorMeters meters) {
    this.client = client;
    this.namespace = namespace;
    this.meters = meters;
  }

  LeaderElectionConfiguration configuration() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
        .withLeaseNamespace(namespace)
        .withLeaderCallbacks(new LeaderCallbacks(this::begin, this::end, Leadership::tell))
        .build();
  }

  private void begin() {
    everLed.set(true);
    meters.leading(true);
  }

  private void end() {
    meters.leading(false);
  }

  private static void tell(String leader) {
    LOG.log(Level.INFO, "event=leader name={0}", leader);
  }

  /**
   * Hands the work over, once this operator does none any more. Without this the next one would
   * wait until the Lease has run out, a quarter of a minute in which no kernel starts.
   */
  void release() {
    if (!everLed.get()) {
      return;
    }
    try {
      Lease lease = client.leases().inNamespace(namespace).withName(LEASE).get();
      if (lease != null) {
        client
            .resource(
                new LeaseBuilder(lease)
                    .editSpec()
                    .withHolderIdentity("")
                    .withLeaseDurationSeconds(1)
                    .endSpec()
                    .build())
            .lockResourceVersion()
            .update();
      }
    } catch (KubernetesClientException e) {
      LOG.log(Level.WARNING, "event=lease-not-released reason={0}", e.getMessage());
    }
  }
}
