// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.api.JupyterGateway;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import org.junit.jupiter.api.Test;

class GatewayReplicasTest {

  private static DeploymentSpec deployment(String spec) {
    return GatewayResources.deployment(gateway(spec), "image").getSpec();
  }

  private static JupyterGateway gateway(String spec) {
    return Gateways.of(Gateways.spec(spec));
  }

  @Test
  void oneGatewayIsReplacedByTheNextWithoutAGap() {
    DeploymentSpec deployment = deployment("{}");

    assertThat(deployment.getReplicas()).isEqualTo(1);
    assertThat(deployment.getStrategy().getType()).isEqualTo("RollingUpdate");
    assertThat(deployment.getStrategy().getRollingUpdate().getMaxUnavailable().getIntVal())
        .isZero();
    assertThat(GatewayReplicas.budget(gateway("{}"))).isNull();
  }

  @Test
  void aVolumeIsOneGatewaysAlone() {
    DeploymentSpec deployment = deployment("storage: {size: 1Gi}");

    assertThat(deployment.getStrategy().getType()).isEqualTo("Recreate");
    assertThat(deployment.getTemplate().getSpec().getContainers().getFirst().getEnv())
        .extracting(EnvVar::getName)
        .noneMatch(name -> name.startsWith("ELASTIC_JUPYTER_POD"));
  }

  @Test
  void anImageThatMayBeAnEnterpriseGatewayIsNeverThereTwiceUnlessAskedFor() {
    assertThat(deployment("image: some-gateway").getStrategy().getType()).isEqualTo("Recreate");
    assertThat(deployment("image: some-gateway\nreplicas: 2").getStrategy().getType())
        .isEqualTo("RollingUpdate");
  }

  @Test
  void severalKnowWhoTheyAreAndADrainTakesOneAtATime() {
    DeploymentSpec deployment = deployment("replicas: 3");

    assertThat(deployment.getReplicas()).isEqualTo(3);
    assertThat(deployment.getTemplate().getSpec().getContainers().getFirst().getEnv())
        .extracting(EnvVar::getName)
        .contains("ELASTIC_JUPYTER_POD_NAME", "ELASTIC_JUPYTER_POD_IP");
    assertThat(GatewayReplicas.budget(gateway("replicas: 3")))
        .isNotNull()
        .satisfies(
            budget -> assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1));
    assertThat(GatewayReplicas.selector(gateway("replicas: 3")))
        .isEqualTo(
            "app.kubernetes.io/component=gateway,app.kubernetes.io/managed-by=elastic-jupyter,"
                + "kubeflow.tkestack.io/gateway=gw");
  }
}
