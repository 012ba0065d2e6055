// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterGatewayStatus;
import io.elasticjupyter.operator.cluster.Conditions;
import io.elasticjupyter.operator.cluster.DeploymentState;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class AwaitedGatewayTest {

  private static final DeploymentState WAITS =
      new DeploymentState(false, DeploymentState.INITIALIZING, "await-gateway runs.");

  @Test
  void aNotebookThatWaitsSaysWhatKeepsItsGateway() {
    assertThat(AwaitedGateway.explain(WAITS, gateway(false)))
        .isEqualTo(
            new DeploymentState(
                false,
                "WaitingForGateway",
                "The notebook starts when its gateway answers. JupyterGateway team/gw: It waits"
                    + " for a node."));
  }

  @Test
  void whatANotebookSaysItselfGoesBefore() {
    DeploymentState ready = new DeploymentState(true, "Running", "Requests are answered.");
    DeploymentState own = new DeploymentState(false, "ErrImagePull", "There is no such image.");

    assertThat(AwaitedGateway.explain(ready, gateway(false))).isEqualTo(ready);
    assertThat(AwaitedGateway.explain(own, gateway(false))).isEqualTo(own);
    assertThat(AwaitedGateway.explain(WAITS, gateway(true))).isEqualTo(WAITS);
    assertThat(AwaitedGateway.explain(WAITS, named())).isEqualTo(WAITS);
  }

  private static JupyterGateway named() {
    JupyterGateway gateway = new JupyterGateway();
    gateway.setMetadata(new ObjectMetaBuilder().withName("gw").withNamespace("team").build());
    return gateway;
  }

  private static JupyterGateway gateway(boolean ready) {
    JupyterGateway gateway = named();
    gateway.setStatus(
        new JupyterGatewayStatus(
            1L,
            Conditions.ready(ready, "Some", "It waits for a node.", gateway, null, Instant.EPOCH),
            0,
            0,
            "http://gw.team:8888",
            null,
            null));
    return gateway;
  }
}
