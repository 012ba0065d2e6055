// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import io.elasticjupyter.api.GatewayPorts;
import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterGatewaySpec;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.operator.cluster.Owned;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategyBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How many gateways of one resource there are, and what lets them work at the same time, as
 * functions of the resource.
 */
final class GatewayReplicas {

  /**
   * Comes with the operator, {@code deploy/operator/rbac.yaml}: how replicas say that they live.
   */
  static final String CLUSTER_ROLE = "elastic-jupyter-gateway-replicas";

  private static final String COMPONENT = "gateway";
  private static final String PORT = "peers";

  private GatewayReplicas() {}

  static int count(JupyterGateway gateway) {
    return Objects.requireNonNullElse(spec(gateway).replicas(), 1);
  }

  /**
   * Whether its gateways give each other their kernels, so that one can be replaced by the next
   * without a gap. Not with a volume that only one may have; and not of an image that may be an
   * Enterprise Gateway, unless several are asked for.
   */
  static boolean share(JupyterGateway gateway) {
    JupyterGatewaySpec spec = spec(gateway);
    return spec.storage() == null && (spec.image() == null || count(gateway) > 1);
  }

  static DeploymentStrategy strategy(JupyterGateway gateway) {
    return share(gateway)
        ? new DeploymentStrategyBuilder()
            .withType("RollingUpdate")
            .withNewRollingUpdate()
            .withMaxSurge(new IntOrString(1))
            .withMaxUnavailable(new IntOrString(0))
            .endRollingUpdate()
            .build()
        // One at a time: each kernel has one gateway.
        : new DeploymentStrategyBuilder().withType("Recreate").build();
  }

  /** Seconds that a gateway has to end; what gives its kernels away has more to do. */
  static long grace(JupyterGateway gateway) {
    return share(gateway) ? 120 : 30;
  }

  /** What a replica has to know of itself. */
  static List<EnvVar> environment(JupyterGateway gateway) {
    return share(gateway)
        ? List.of(
            field("ELASTIC_JUPYTER_POD_NAME", "metadata.name"),
            field("ELASTIC_JUPYTER_POD_IP", "status.podIP"))
        : List.of();
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath(path)
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  static void addPort(ContainerBuilder container, JupyterGateway gateway) {
    if (share(gateway)) {
      container.addNewPort().withName(PORT).withContainerPort(GatewayPorts.PEERS).endPort();
    }
  }

  /** Lets a drain of nodes take one gateway at a time; null where there is but one. */
  static @Nullable PodDisruptionBudget budget(JupyterGateway gateway) {
    return count(gateway) == 1
        ? null
        : new PodDisruptionBudgetBuilder()
            .withMetadata(
                Owned.metadata(
                    gateway,
                    gateway.getMetadata().getName() + "-gateway",
                    COMPONENT,
                    Labels.GATEWAY))
            .withNewSpec()
            .withMaxUnavailable(new IntOrString(1))
            .withNewSelector()
            .withMatchLabels(labels(gateway))
            .endSelector()
            .endSpec()
            .build();
  }

  /** The labels of its Pods, as a selector is written. */
  static String selector(JupyterGateway gateway) {
    return labels(gateway).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(","));
  }

  private static Map<String, String> labels(JupyterGateway gateway) {
    return Owned.labels(gateway, COMPONENT, Labels.GATEWAY);
  }

  private static JupyterGatewaySpec spec(JupyterGateway gateway) {
    return Objects.requireNonNullElseGet(gateway.getSpec(), JupyterGatewaySpec::empty);
  }
}
