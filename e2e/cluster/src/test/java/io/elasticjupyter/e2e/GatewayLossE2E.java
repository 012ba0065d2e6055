// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Gateways that end in one way or another leave their kernels; kernels that are deleted end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GatewayLossE2E {

  private static final Duration SECONDS = Duration.ofSeconds(20);

  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      """;

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;

  @BeforeAll
  void start() {
    gateway = cleanup.add(ClusterGateway.start("gateway-loss", SETTING));
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void aGatewayThatIsToldToEndLeavesVariables() {
    outlives("--wait=true");
  }

  @Test
  void aGatewayThatIsKilledLeavesVariables() {
    outlives("--force", "--grace-period=0");
  }

  private void outlives(String... how) {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run("x = 41");
    }
    String pod = podUid(kernel);

    String[] delete = {
      "delete", "pod", "-l", "app.kubernetes.io/component=gateway", how[0], how[how.length - 1]
    };
    gateway.kubectl().run(delete);
    gateway.kubectl().run("rollout", "status", "deploy/gateway", "--timeout=110s");
    gateway.forward();

    assertThat(gateway.rest().kernel(kernel).path("id").asText()).isEqualTo(kernel);
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run("print(x + 1)")).isEqualTo("42\n");
    }
    assertThat(podUid(kernel)).isEqualTo(pod);
    gateway.rest().delete("/api/kernels/" + kernel);
    awaitNothingLeft(kernel);
  }

  @Test
  void aDeletedKernelClosesItsWebsocketAndIsGoneSoon() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run("x = 41");

      long begun = System.nanoTime();
      assertThat(gateway.rest().delete("/api/kernels/" + kernel).status()).isEqualTo(204);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));

      client.await("dead", message -> message.isStatus("dead"));
      assertThat(client.awaitClosed(SECONDS)).hasValue(1000);
      assertThat(gateway.rest().get("/api/kernels/" + kernel).status()).isEqualTo(404);
    }
    awaitNothingLeft(kernel);
  }

  /** As an image of Enterprise Gateway does, which has no program of that name either. */
  @Test
  void aGatewayWhoseImageIsNotOursSaysWhyItDoesNotStart() {
    gateway.apply(
        """
        apiVersion: kubeflow.tkestack.io/v1alpha1
        kind: JupyterGateway
        metadata: {name: foreign}
        spec: {image: "localhost/elastic-jupyter-kernel-python:dev"}
        """);
    Awaitility.await("the reason")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          JsonNode ready = gateway.kubectl().get("jgw/foreign").at("/status/conditions/0");
          assertThat(ready.path("status").asText()).isEqualTo("False");
          assertThat(ready.path("message").asText())
              .startsWith(
                  "The container gateway does not run with image"
                      + " localhost/elastic-jupyter-kernel-python:dev: it ended with exit code"
                      + " 127");
        });
    gateway.kubectl().run("delete", "jgw", "foreign");
  }

  private String podUid(String kernel) {
    return gateway.kubectl().get(ClusterGateway.pod(kernel)).at("/metadata/uid").asText();
  }

  private void awaitNothingLeft(String kernel) {
    Awaitility.await("resource and Pod are gone")
        .atMost(SECONDS)
        .until(() ->
            gateway.kubectl().get(ClusterGateway.resource(kernel)).isMissingNode()
                && gateway.kubectl().get(ClusterGateway.pod(kernel)).isMissingNode());
  }
}
