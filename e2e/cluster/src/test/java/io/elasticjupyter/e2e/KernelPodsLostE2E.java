// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Kernels that lose their Pods while they run: who uses them reads why in the open notebook, and
 * goes on in the same websocket with a new Pod.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KernelPodsLostE2E {

  private static final Duration SECONDS = Duration.ofSeconds(20);
  private static final String NAMESPACE = "kernel-pods-lost";

  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: python3}
      spec:
        language: python
        image: localhost/elastic-jupyter-kernel-python:dev
        resources: {limits: {memory: 200Mi}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: elsewhere}
      spec:
        language: python
        image: localhost/elastic-jupyter-kernel-python:dev
        template: {name: elsewhere}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelTemplate
      metadata: {name: elsewhere}
      spec: {template: {spec: {nodeName: kernel-pods-lost, tolerations: [{operator: Exists}]}}}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: kernel-pods-lost}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      """;

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;

  @BeforeAll
  void start() {
    cleanup.add(() -> deleteNode("--ignore-not-found"));
    gateway = cleanup.add(ClusterGateway.start(NAMESPACE, SETTING));
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void deletedByForce() {
    comesBackAfter(
        pod -> gateway.kubectl().run("delete", pod, "--force", "--grace-period=0", "--wait=false"),
        "The kernel's Pod was deleted by somebody. It is started again");
  }

  @Test
  void outOfMemory() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run("x = 41; print(x)")).isEqualTo("41\n");

      String cell = client.execute("much = bytearray(1000_000_000)");

      assertThat(client.awaitReply(cell).content().path("evalue").asText())
          .isEqualTo(
              "The kernel used more memory than its limit of 200Mi allows and was killed. The cell"
                  + " was not finished.");
      assertThat(client.run("print('x' in globals())")).isEqualTo("False\n");
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  /** A node that nobody runs, so that it can be taken away. */
  @Test
  void lostWithTheirNode() {
    String kernel = gateway.rest().startKernel("elsewhere");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      Awaitility.await("the Pod is given to the node")
          .atMost(SECONDS)
          .until(() -> !gateway.kubectl().get(ClusterGateway.pod(kernel)).isMissingNode());

      deleteNode("--wait=true");

      awaitTold(client, "The node that the kernel ran on is gone, its variables with it.");
      assertThat(gateway.ready(kernel).path("reason").asText()).isEqualTo("NodeGone");
    }
    Awaitility.await("no Pod waits for a node that does not come back")
        .atMost(SECONDS)
        .until(() -> gateway.kubectl().get(ClusterGateway.pod(kernel)).isMissingNode());
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  private static void deleteNode(String how) {
    Kubectl.in(NAMESPACE).run("delete", "node", NAMESPACE, how);
  }

  @Test
  void deletedWithItsResourceForGood() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run("x = 41");

      gateway.kubectl().run("delete", ClusterGateway.resource(kernel));

      awaitTold(client, "The kernel's JupyterKernel was deleted in the cluster");
      client.await("dead", message -> message.isStatus("dead"), SECONDS);
      assertThat(gateway.rest().kernel(kernel).path("reason").asText()).contains("JupyterKernel");
    }
    gateway.rest().delete("/api/kernels/" + kernel);
    assertThat(gateway.kubectl().get(ClusterGateway.resource(kernel)).isMissingNode()).isTrue();
  }

  private interface Loss {
    void of(String pod);
  }

  private void comesBackAfter(Loss loss, String sentence) {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run("x = 41; print(x)")).isEqualTo("41\n");
      String before = uid(kernel);

      loss.of(ClusterGateway.pod(kernel));

      awaitTold(client, sentence);
      client.await("restarting", message -> message.isStatus("restarting"), SECONDS);
      assertThat(client.run("print('x' in globals())")).isEqualTo("False\n");
      assertThat(uid(kernel)).isNotEqualTo(before);
    }
    gateway.rest().delete("/api/kernels/" + kernel);
    Awaitility.await("no Pod is left")
        .atMost(SECONDS)
        .until(() -> gateway.kubectl().get(ClusterGateway.pod(kernel)).isMissingNode());
  }

  private static void awaitTold(KernelSocket client, String sentence) {
    client.await(
        "the sentence",
        message -> message.is("stream") && message.text().contains(sentence),
        SECONDS);
  }

  private String uid(String kernel) {
    return gateway.kubectl().get(ClusterGateway.pod(kernel)).at("/metadata/uid").asText();
  }
}
