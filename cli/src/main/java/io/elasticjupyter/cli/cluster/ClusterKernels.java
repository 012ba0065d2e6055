// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.cluster;

import io.elasticjupyter.api.KernelKeys;
import io.elasticjupyter.cli.program.OrderlyEnd;
import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.gateway.config.ListenConfig;
import io.elasticjupyter.gateway.peers.HttpPeers;
import io.elasticjupyter.gateway.peers.PeerSecret;
import io.elasticjupyter.gateway.peers.PeerSettings;
import io.elasticjupyter.kernels.KernelMonitor;
import io.elasticjupyter.kernels.KernelSettings;
import io.elasticjupyter.kernels.LiveKernels;
import io.elasticjupyter.kernels.provisioner.kubernetes.KubernetesProvisioner;
import io.elasticjupyter.kernels.provisioner.kubernetes.KubernetesSettings;
import io.elasticjupyter.kernels.provisioner.kubernetes.LeaseReplicas;
import io.elasticjupyter.kernels.replicas.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The kernels of a gateway in a cluster, alone or as one of several replicas.
 *
 * @param kernels those that it has
 * @param peers what it needs for the others; empty where it is the only one
 */
record ClusterKernels(LiveKernels kernels, Optional<PeerSettings> peers) {

  private static final String EVERYWHERE = "0.0.0.0";

  /**
   * The name of this process among the replicas, {@code POD/INCARNATION}; empty where it is the
   * only one.
   */
  static String replica(Values values, String incarnation) {
    return values.get(ClusterOptions.REPLICA_NAME).map(pod -> pod + "/" + incarnation).orElse("");
  }

  /** Takes up what there is, alone; or what no other replica has. */
  static ClusterKernels open(
      Values values,
      String incarnation,
      KubernetesClient client,
      KubernetesProvisioner provisioner,
      KubernetesSettings settings,
      KernelSettings kernelSettings,
      KernelMonitor monitor,
      Path state,
      OrderlyEnd end)
      throws IOException, InterruptedException {
    InstantSource clock = InstantSource.system();
    Optional<String> pod = values.get(ClusterOptions.REPLICA_NAME);
    if (pod.isEmpty()) {
      return new ClusterKernels(
          LiveKernels.open(state, provisioner, kernelSettings, monitor, clock), Optional.empty());
    }
    int port = values.get(ClusterOptions.PEER_PORT);
    LeaseReplicas replicas =
        end.closing(
            LeaseReplicas.start(
                client,
                new LeaseReplicas.Settings(
                    settings.namespace(),
                    settings.gateway(),
                    pod.get(),
                    incarnation,
                    values.get(ClusterOptions.REPLICA_ADDRESS) + ":" + port),
                clock));
    PeerSecret secret =
        new PeerSecret(KernelKeys.derive(settings.key(), settings.namespace(), "replicas"));
    HttpPeers peers = end.closing(new HttpPeers(secret, replicas.self().id()));
    LiveKernels kernels =
        LiveKernels.open(
            state,
            provisioner,
            kernelSettings,
            monitor,
            clock,
            new ReplicaSet(replicas, provisioner.claims(), peers));
    return new ClusterKernels(
        kernels,
        kernels
            .territory()
            .map(territory ->
                new PeerSettings(
                    new ListenConfig(EVERYWHERE, port, 0, "", false),
                    territory,
                    peers,
                    secret,
                    provisioner::known)));
  }
}
