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

/**
 * Kernels that cannot run yet: asked for and answered at once, they say what they wait for, and
 * start by themselves when it is there. The node has devices of kinds that only this test uses.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WaitingPodsE2E {

  private static final Duration SECONDS = Duration.ofSeconds(20);
  private static final Kubectl KUBECTL = Kubectl.in("waiting-pods");
  private static final String DEVICE = "elastic-jupyter.test/device";
  private static final String COUNTED = "elastic-jupyter.test/counted";

  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: device}
      spec:
        language: python
        image: localhost/elastic-jupyter-kernel-python:dev
        resources: {limits: {elastic-jupyter.test/device: 1}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: counted}
      spec:
        language: python
        image: localhost/elastic-jupyter-kernel-python:dev
        resources: {limits: {elastic-jupyter.test/counted: 1}}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: counted}
      spec: {hard: {requests.elastic-jupyter.test/counted: "0"}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      """;

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;

  @BeforeAll
  void start() {
    gateway = cleanup.add(ClusterGateway.start("waiting-pods", SETTING));
    for (String resource : new String[] {DEVICE, COUNTED}) {
      cleanup.add(() -> offer(resource, "null"));
      offer(resource, "\"1\"");
    }
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void aKernelWaitsForADeviceAndStartsWhenItIsFree() {
    String first = gateway.rest().startKernel("device");
    try (KernelSocket holder = KernelSocket.open(gateway.rest(), first)) {
      holder.run("x = 41");
    }
    long begun = System.nanoTime();
    String second = gateway.rest().startKernel("device");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));

    try (KernelSocket client = KernelSocket.open(gateway.rest(), second)) {
      String cell = client.execute("print('starts')");
      awaitTold(client, "Waiting for " + DEVICE + ": 0 of 1 nodes have one free");
      assertThat(gateway.rest().kernel(second).path("reason").asText()).contains(DEVICE);
      assertThat(gateway.ready(second).path("reason").asText()).isEqualTo("WaitingForResources");

      gateway.rest().delete("/api/kernels/" + first);
      client.awaitIdle(cell);
      assertThat(client.printed(cell)).endsWith("starts\n");
    }
    gateway.rest().delete("/api/kernels/" + second);
  }

  @Test
  void aKernelWaitsForTheQuotaOfItsNamespace() {
    String kernel = gateway.rest().startKernel("counted");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      String cell = client.execute("print('starts')");
      awaitTold(client, "The namespace's quota is used up");
      JsonNode ready = gateway.ready(kernel);
      assertThat(ready.path("reason").asText()).isEqualTo("QuotaExceeded");
      assertThat(ready.path("message").asText()).contains("exceeded quota: counted");

      gateway.kubectl().run("delete", "quota", "counted");
      client.awaitIdle(cell);
      assertThat(client.printed(cell)).endsWith("starts\n");
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  @Test
  void aKernelWaitsForTheTemplateAndTheSecretThatItNames() {
    gateway.apply(
        """
        apiVersion: kubeflow.tkestack.io/v1alpha1
        kind: JupyterKernelSpec
        metadata: {name: later}
        spec:
          language: python
          image: localhost/elastic-jupyter-kernel-python:dev
          template: {name: later}
        ---
        apiVersion: kubeflow.tkestack.io/v1alpha1
        kind: JupyterKernel
        metadata: {name: later}
        spec:
          gateway: gateway
          kernelSpec: later
          kernelId: 3e0d4f0e-52c1-4a3c-8a0e-6f3c0a6b7d11
        """);
    awaitReason("TemplateMissing", "There is no JupyterKernelTemplate waiting-pods/later");

    gateway.apply(
        """
        apiVersion: kubeflow.tkestack.io/v1alpha1
        kind: JupyterKernelTemplate
        metadata: {name: later}
        spec:
          template:
            spec:
              containers:
                - name: kernel
                  envFrom: [{secretRef: {name: later}}]
        """);
    awaitReason("ConfigMissing", "secret \"later\" not found");

    KUBECTL.run("create", "secret", "generic", "later", "--from-literal=password=x");
    awaitReason("Running", "runs");
    KUBECTL.run("delete", "jk", "later");
  }

  private static void awaitReason(String reason, String part) {
    Awaitility.await(reason)
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          JsonNode ready = KUBECTL.get("jk/later").at("/status/conditions/0");
          assertThat(ready.path("reason").asText()).isEqualTo(reason);
          assertThat(ready.path("message").asText()).contains(part);
        });
  }

  private static void awaitTold(KernelSocket client, String sentence) {
    client.await(
        sentence, message -> message.is("stream") && message.text().contains(sentence), SECONDS);
  }

  /** Lets the node offer devices to the scheduler. */
  private static void offer(String resource, String amount) {
    String node = KUBECTL.list("nodes").at("/0/metadata/name").asText();
    KUBECTL.run(
        "patch",
        "node",
        node,
        "--subresource=status",
        "--type=merge",
        "--patch",
        "{\"status\": {\"capacity\": {\"%1$s\": %2$s}, \"allocatable\": {\"%1$s\": %2$s}}}"
            .formatted(resource, amount));
  }
}
