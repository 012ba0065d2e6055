// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Another version is installed, by the one command of the documentation, while people work: what
 * runs runs on, with its variables, and belongs to the new version then.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UpgradeE2E {

  private static final String BEFORE = "localhost/elastic-jupyter:before";
  private static final String NOW = "localhost/elastic-jupyter:dev";
  private static final int KERNELS = 3;

  /** The first gateway follows the operator, the second has an image of its own. */
  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: pinned}
      spec: {image: "localhost/elastic-jupyter:before"}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterNotebook
      metadata: {name: lab}
      spec: {gateway: {name: gateway}, auth: {mode: disable}}
      """;

  private final Cleanup cleanup = new Cleanup();
  private final OperatorInCluster operator = cleanup.add(new OperatorInCluster());
  private ClusterGateway gateway;

  @BeforeAll
  void startOfTheVersionBefore() {
    operator.install("before");
    gateway = cleanup.add(ClusterGateway.startAsInstalled("upgrade", SETTING));
    gateway.kubectl().run("wait", "jnb/lab", "--for=condition=Ready", "--timeout=110s");
    gateway.kubectl().run("wait", "jgw/pinned", "--for=condition=Ready", "--timeout=110s");
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void kernelsKeepTheirVariablesAndNothingButOperatorAndGatewayIsReplaced() {
    assertThat(imageOf("deploy/gateway")).isEqualTo(BEFORE);
    List<String> kernels = startWithVariables();
    String works = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), works)) {
      client.run("import time; done = False");
      client.execute("time.sleep(20); done = True");
      client.await("the cell runs", message -> message.isStatus("busy"));
    }
    Map<String, JsonNode> before = podsBut("gateway");

    operator.install("dev");
    Awaitility.await("the gateway is of the new version")
        .atMost(Duration.ofMinutes(2))
        .until(() -> imageOf("deploy/gateway").equals(NOW));
    gateway.kubectl().run("rollout", "status", "deploy/gateway", "--timeout=110s");
    gateway.forward();

    for (int number = 0; number < KERNELS; number++) {
      try (KernelSocket client = KernelSocket.open(gateway.rest(), kernels.get(number))) {
        assertThat(client.run("print(x, f(x))")).endsWith("%d %d\n".formatted(number, 2 * number));
      }
    }
    try (KernelSocket client = KernelSocket.open(gateway.rest(), works)) {
      assertThat(client.run("print(done)")).as("the cell ran on").endsWith("True\n");
    }
    assertThat(podsBut("gateway")).as("the same Pods").containsOnlyKeys(before.keySet());
    assertThat(podsBut("gateway").values())
        .allSatisfy(pod ->
            assertThat(pod.at("/status/containerStatuses/0/restartCount").asInt(-1)).isZero());
    assertThat(imageOf("deploy/pinned")).as("its resource names its image").isEqualTo(BEFORE);
    assertNewKernelsStart();
  }

  private void assertNewKernelsStart() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run("print('new')")).endsWith("new\n");
    }
  }

  private List<String> startWithVariables() {
    List<String> kernels = new ArrayList<>();
    for (int number = 0; number < KERNELS; number++) {
      String kernel = gateway.rest().startKernel("python3");
      try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
        client.run("x = %d\ndef f(n): return 2 * n".formatted(number));
      }
      kernels.add(kernel);
    }
    return kernels;
  }

  private String imageOf(String deployment) {
    return gateway.kubectl().get(deployment).at("/spec/template/spec/containers/0/image").asText();
  }

  /** The namespace's Pods by their uid, but for those of one Deployment. */
  private Map<String, JsonNode> podsBut(String deployment) {
    Map<String, JsonNode> pods = new HashMap<>();
    for (JsonNode pod : gateway.kubectl().list("pods")) {
      if (!pod.at("/metadata/labels/kubeflow.tkestack.io~1gateway").asText().equals(deployment)
          || pod.at("/metadata/labels/app.kubernetes.io~1component").asText().equals("kernel")) {
        pods.put(pod.at("/metadata/uid").asText(), pod);
      }
    }
    return pods;
  }
}
