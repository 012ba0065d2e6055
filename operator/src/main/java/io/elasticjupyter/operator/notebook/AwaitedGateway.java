// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.notebook;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.operator.cluster.Conditions;
import io.elasticjupyter.operator.cluster.DeploymentState;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Set;

/** What a notebook says while its Pod waits for its gateway, which it does before it starts. */
final class AwaitedGateway {

  private static final Set<String> UNTOLD =
      Set.of(DeploymentState.STARTING, DeploymentState.INITIALIZING);

  private AwaitedGateway() {}

  /** The notebook's state, with the gateway's own sentence where the Pod has none. */
  static DeploymentState explain(DeploymentState state, JupyterGateway gateway) {
    if (state.ready() || !UNTOLD.contains(state.reason())) {
      return state;
    }
    Condition ready =
        Conditions.ready(gateway.getStatus() == null ? null : gateway.getStatus().conditions());
    if (ready == null || "True".equals(ready.getStatus())) {
      return state;
    }
    return new DeploymentState(
        false,
        "WaitingForGateway",
        "The notebook starts when its gateway answers. JupyterGateway %s/%s: %s"
            .formatted(
                gateway.getMetadata().getNamespace(),
                gateway.getMetadata().getName(),
                ready.getMessage()));
  }
}
