// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An operator that has much to do at once, or is not there, costs no kernel. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OperatorLossE2E {

  private static final Duration MINUTES = Duration.ofMinutes(3);
  private static final int CROWD = 200;
  private static final int KILLS = 10;
  private static final int KERNELS_OF_A_KILL = 12;
  private static final Kubectl OPERATOR = Kubectl.in("elastic-jupyter");

  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: python3}
      spec: {language: python, image: "localhost/elastic-jupyter-kernel-python:dev"}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: waits}
      spec:
        language: python
        image: localhost/elastic-jupyter-kernel-python:dev
        template: {name: waits}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelTemplate
      metadata: {name: waits}
      spec: {template: {spec: {nodeSelector: {elastic-jupyter.test/nowhere: "yes"}}}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      """;

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;

  @BeforeAll
  void start() {
    cleanup.add(() -> scaleOperator(1));
    gateway = cleanup.add(ClusterGateway.start("operator-loss", SETTING));
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  /** They cost nothing but the operator's work, since no node takes their Pods. */
  @Test
  void twoHundredKernelsAtOnceAreMadeWithoutAnError() {
    Instant begun = Instant.now();
    askFor("crowd", 0, CROWD);

    awaitThatEachWaitsForItsNode("crowd", CROWD);
    assertThat(OPERATOR.run("logs", "deploy/elastic-jupyter-operator", "--since-time=" + begun))
        .doesNotContain("ERROR", "Exception");
    gateway.kubectl().run("delete", "jk", "-l", "crowd=crowd", "--wait=false");
  }

  /** An operator that ends interrupts the calls that it is in the middle of. */
  @Test
  void anOperatorThatIsKilledWhileItMakesPodsTakesNoKernelForRefused() {
    for (int kill = 0; kill < KILLS; kill++) {
      OPERATOR.run("rollout", "status", "deploy/elastic-jupyter-operator", "--timeout=110s");
      int before = kill * KERNELS_OF_A_KILL;
      askFor("killed", before, KERNELS_OF_A_KILL);
      Awaitility.await("it has begun to make Pods")
          .atMost(MINUTES)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> pods("killed-") > before);
      OPERATOR.run("delete", "pod", "--all", "--force", "--grace-period=0", "--wait=false");
    }

    awaitThatEachWaitsForItsNode("killed", KILLS * KERNELS_OF_A_KILL);
    gateway.kubectl().run("delete", "jk", "-l", "crowd=killed", "--wait=false");
  }

  private long pods(String prefix) {
    return gateway
        .kubectl()
        .run("get", "pods", "-o", "name")
        .lines()
        .filter(name -> name.startsWith("pod/" + prefix))
        .count();
  }

  /** Kernels whose Pods are made and taken by no node. */
  private void askFor(String crowd, int from, int count) {
    StringBuilder manifests = new StringBuilder();
    for (int number = from; number < from + count; number++) {
      manifests.append(
          """
          ---
          apiVersion: kubeflow.tkestack.io/v1alpha1
          kind: JupyterKernel
          metadata: {name: %1$s-%2$d, labels: {crowd: %1$s}}
          spec: {gateway: gateway, kernelSpec: waits, kernelId: %3$s}
          """
              .formatted(crowd, number, UUID.randomUUID()));
    }
    gateway.apply(manifests.toString());
  }

  private void awaitThatEachWaitsForItsNode(String crowd, int count) {
    Awaitility.await("every one has a Pod and says what it waits for")
        .atMost(MINUTES)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() ->
            assertThat(gateway.kubectl().list("jk", "-l", "crowd=" + crowd))
                .hasSize(count)
                .allSatisfy(kernel ->
                    assertThat(kernel.at("/status/reason").asText())
                        .as("%s", kernel.path("status"))
                        .isEqualTo("WaitingForResources")));
  }

  @Test
  void withoutAnOperatorKernelsRunOnAndNewOnesWaitForIt() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run("x = 41");
      scaleOperator(0);
      OPERATOR.run("wait", "pod", "--all", "--for=delete", "--timeout=60s");

      assertThat(client.run("print(x + 1)")).isEqualTo("42\n");
      String waiting = gateway.rest().startKernel("python3");
      try (KernelSocket other = KernelSocket.open(gateway.rest(), waiting)) {
        String cell = other.execute("print('starts')");
        scaleOperator(1);

        other.awaitIdle(cell);
        assertThat(other.printed(cell)).endsWith("starts\n");
      }
      assertThat(client.run("print(x + 1)")).isEqualTo("42\n");
      gateway.rest().delete("/api/kernels/" + waiting);
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  private static void scaleOperator(int replicas) {
    OPERATOR.run("scale", "deploy/elastic-jupyter-operator", "--replicas=" + replicas);
  }
}
