// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import io.elasticjupyter.api.GatewayPorts;
import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.operator.cluster.HttpService;
import io.elasticjupyter.operator.cluster.Owned;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpecBuilder;
import java.util.Map;

/**
 * Who reaches a gateway and its kernels over the network: its kernels from its own Pods only,
 * itself from its namespace and from those notebooks of others that get its token. What Pods may
 * reach is not restricted here: kernels fetch data from wherever their users have it.
 */
final class GatewayPolicies {

  private static final String COMPONENT = "gateway";
  private static final Map<String, String> NOTEBOOK =
      Map.of(Labels.MANAGED_BY, Labels.MANAGED_BY_OPERATOR, Labels.COMPONENT, "notebook");

  private GatewayPolicies() {}

  /** A kernel's ports run whatever code is sent to them, so nobody but the gateway sends any. */
  static NetworkPolicy ofKernels(JupyterGateway gateway) {
    return new NetworkPolicyBuilder()
        .withMetadata(
            Owned.metadata(gateway, name(gateway) + "-kernels", COMPONENT, Labels.GATEWAY))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(
            Map.of(Labels.COMPONENT, "kernel", Labels.GATEWAY, Labels.value(name(gateway))))
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .addNewIngress()
        .addNewFrom()
        .withNewPodSelector()
        .withMatchLabels(Owned.labels(gateway, COMPONENT, Labels.GATEWAY))
        .endPodSelector()
        .endFrom()
        .endIngress()
        .endSpec()
        .build();
  }

  /**
   * The gateway's ports, whose tokens are asked for all the same; the one between its replicas is
   * for them alone.
   */
  static NetworkPolicy ofGateway(JupyterGateway gateway) {
    NetworkPolicySpecBuilder spec =
        new NetworkPolicySpecBuilder()
            .withNewPodSelector()
            .withMatchLabels(Owned.labels(gateway, COMPONENT, Labels.GATEWAY))
            .endPodSelector()
            .withPolicyTypes("Ingress")
            .addNewIngress()
            .addNewFrom()
            .withNewPodSelector()
            .endPodSelector()
            .endFrom()
            .withPorts(
                port(HttpService.PORT), port(GatewayPorts.CALLBACK), port(GatewayPorts.SNAPSHOTS))
            .endIngress()
            .addNewIngress()
            .addNewFrom()
            .withNewPodSelector()
            .withMatchLabels(Owned.labels(gateway, COMPONENT, Labels.GATEWAY))
            .endPodSelector()
            .endFrom()
            .withPorts(port(GatewayPorts.PEERS))
            .endIngress();
    NotebookAccess.otherNamespaces(gateway)
        .ifPresent(namespaces ->
            spec.addNewIngress()
                .addNewFrom()
                .withNamespaceSelector(namespaces)
                .withNewPodSelector()
                .withMatchLabels(NOTEBOOK)
                .endPodSelector()
                .endFrom()
                .addNewPort()
                .withNewPort(HttpService.PORT)
                .endPort()
                .endIngress());
    return new NetworkPolicyBuilder()
        .withMetadata(
            Owned.metadata(gateway, name(gateway) + "-gateway", COMPONENT, Labels.GATEWAY))
        .withSpec(spec.build())
        .build();
  }

  private static NetworkPolicyPort port(int number) {
    return new NetworkPolicyPortBuilder().withPort(new IntOrString(number)).build();
  }

  private static String name(JupyterGateway gateway) {
    return gateway.getMetadata().getName();
  }
}
