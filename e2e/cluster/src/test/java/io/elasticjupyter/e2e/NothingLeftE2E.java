// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Whoever deletes a gateway and a notebook has deleted all that was made for them. */
final class NothingLeftE2E {

  private static final String KINDS =
      "deploy,rs,pods,svc,secrets,configmaps,sa,roles,rolebindings,networkpolicies,pvc,jk,jks";

  private static final String GATEWAY_AND_NOTEBOOK =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterNotebook
      metadata: {name: notebook}
      spec: {gateway: {name: gateway}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      """;

  @Test
  void ofAGatewayANotebookAndTheirKernels() {
    try (ClusterGateway gateway = ClusterGateway.start("nothing-left", GATEWAY_AND_NOTEBOOK)) {
      gateway.kubectl().run("wait", "jnb/notebook", "--for=condition=Ready", "--timeout=110s");
      String kernel = gateway.rest().startKernel("python3");
      try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
        assertThat(client.run("print(6 * 7)")).isEqualTo("42\n");
      }
      assertThat(left(gateway)).contains("Pod jovyan-" + kernel, "Deployment notebook");

      gateway.kubectl().run("delete", "jnb/notebook", "jgw/gateway");

      Awaitility.await("only what every namespace has is left")
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() ->
              assertThat(left(gateway))
                  .isSubsetOf("ConfigMap kube-root-ca.crt", "ServiceAccount default"));
    }
  }

  private static List<String> left(ClusterGateway gateway) {
    TreeSet<String> left = new TreeSet<>();
    for (JsonNode each : gateway.kubectl().list(KINDS)) {
      left.add(each.path("kind").asText() + " " + each.at("/metadata/name").asText());
    }
    return List.copyOf(left);
  }
}
