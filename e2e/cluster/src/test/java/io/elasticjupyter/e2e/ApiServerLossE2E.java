// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.testkit.ProcessUnderTest;
import io.elasticjupyter.testkit.ProjectRoot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A control plane that answers nothing for a while, as when its disk hangs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ApiServerLossE2E {

  private static final String CLUSTER =
      ProjectRoot.path().resolve("e2e/cluster/cluster").toString();
  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      spec: {cullIdleTimeout: 600, cullInterval: 1}
      """;

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;

  @BeforeAll
  void start() {
    gateway = cleanup.add(ClusterGateway.start("api-server-loss", SETTING));
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void kernelsGoOnAndWhatWasAskedForMeanwhileIsDone() {
    Assumptions.assumeTrue(
        server(gateway.kubectl().command("config", "view"))
            .equals(server(List.of(CLUSTER, "kubectl", "config", "view"))),
        "only of the cluster that e2e/cluster/cluster has started can the API server be stopped");
    String kept = gateway.rest().startKernel("python3");
    String deleted = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kept);
        KernelSocket other = KernelSocket.open(gateway.rest(), deleted)) {
      client.run("x = 41");
      other.run("x = 41");
      String asked;

      try (ProcessUnderTest hang = start("API server hangs", List.of(CLUSTER, "hang", "20"))) {
        // Through the forwarded port, which the API server carries: sent before, they run on.
        asked = client.execute("import time; time.sleep(15); print(x + 1)");
        assertThat(hang.awaitExit(Duration.ofSeconds(90))).isZero();
      }

      client.awaitIdle(asked);
      assertThat(client.printed(asked)).isEqualTo("42\n");
      gateway.forward();
      gateway.rest().delete("/api/kernels/" + deleted);
    }
    Awaitility.await("the deleted kernel is gone")
        .atMost(Duration.ofSeconds(60))
        .until(() -> gateway.kubectl().get(ClusterGateway.pod(deleted)).isMissingNode());
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kept)) {
      assertThat(client.run("print(x + 1)")).isEqualTo("42\n");
    }
    gateway.rest().delete("/api/kernels/" + kept);
  }

  private static ProcessUnderTest start(String name, List<String> command) {
    return ProcessUnderTest.start(name, ProjectRoot.path(), Map.of(), command);
  }

  /** The address that a kubeconfig names. */
  private static String server(List<String> show) {
    try (ProcessUnderTest kubectl = start("kubectl config view", show)) {
      return kubectl.awaitLine(line -> line.contains("server: "), Duration.ofSeconds(30)).strip();
    }
  }
}
