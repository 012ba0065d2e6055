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
 * Pods of kernels that the cluster, or somebody in it, wants to go: the variables are saved in the
 * time that is left, and are there in the next Pod.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LeavingPodsE2E {

  private static final Duration SECONDS = Duration.ofSeconds(90);
  private static final String NAMESPACE = "leaving-pods";
  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: python3}
      spec:
        language: python
        image: localhost/elastic-jupyter-kernel-python:dev
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: gpu}
      spec:
        language: python
        image: localhost/elastic-jupyter-kernel-python:dev
        resources: {limits: {nvidia.com/gpu: 1}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      """;
  private static final String OF_HIGHER_PRIORITY =
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: leaving-pods}
      value: 1000000
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: urgent, namespace: leaving-pods}
      spec:
        priorityClassName: leaving-pods
        terminationGracePeriodSeconds: 0
        containers:
          - name: urgent
            image: localhost/pause:1
            imagePullPolicy: Never
            resources: {limits: {nvidia.com/gpu: 1}}
      """;
  private static final String STATE = "rows = [1]; same = rows; print('set')";
  private static final String CHECK = "same.append(2); print(rows)";

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;

  @BeforeAll
  void start() {
    gateway = cleanup.add(ClusterGateway.start(NAMESPACE, SETTING));
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void evictedAsByADrain() {
    comesBackAfter(this::evict, "The kernel was evicted from its node: ");
  }

  @Test
  void deletedByHand() {
    comesBackAfter(
        kernel -> gateway.kubectl().run("delete", ClusterGateway.pod(kernel), "--wait=false"),
        "The kernel's Pod was deleted by somebody. The kernel hibernates: ");
  }

  /** A cell is let run for half of the time, and interrupted then. */
  @Test
  void whileACellRuns() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run(STATE)).isEqualTo("set\n");
      String endless = client.execute("import time\nprint('begun')\nwhile True: time.sleep(0.1)");
      client.await("the cell has begun", message -> message.is("stream"));

      evict(kernel);

      assertThat(
              client
                  .await("its end", message -> message.replies(endless), SECONDS)
                  .content()
                  .path("ename")
                  .asText())
          .isEqualTo("KeyboardInterrupt");
      awaitTold(client, "The kernel was evicted from its node: ");
      assertThat(client.run(CHECK)).isEqualTo("[1, 2]\n");
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  @Test
  void forAPodOfHigherPriority() {
    Gpus.offer(gateway.kubectl(), 1);
    cleanup.add(() -> Gpus.offer(gateway.kubectl(), 0));
    cleanup.add(() -> gateway.kubectl().run("delete", "priorityclass", NAMESPACE));
    String kernel = gateway.rest().startKernel("gpu");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run(STATE)).isEqualTo("set\n");

      gateway.apply(OF_HIGHER_PRIORITY);

      awaitTold(client, "The kernel had to give way to a Pod of higher priority. The kernel hib");
      gateway.kubectl().run("wait", "pod/urgent", "--for=condition=Ready", "--timeout=60s");
      String cell = client.execute(CHECK);
      awaitTold(client, "nvidia.com/gpu");
      gateway.kubectl().run("delete", "pod", "urgent");
      client.await("its answer", message -> message.replies(cell), SECONDS);
      assertThat(client.printed(cell)).contains("[1, 2]");
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  /** The time of grace is for saving: nobody waits for a kernel that is not wanted any more. */
  @Test
  void aBusyKernelThatIsDeletedHoldsNothingForLong() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      String _ = client.execute("import time\nprint('begun')\nwhile True: time.sleep(0.1)");
      client.await("the cell has begun", message -> message.is("stream"));

      gateway.rest().delete("/api/kernels/" + kernel);
    }
    Awaitility.await("its Pod is gone long before its time of grace")
        .atMost(Duration.ofSeconds(30))
        .until(() -> gateway.kubectl().get(ClusterGateway.pod(kernel)).isMissingNode());
  }

  private interface Loss {
    void of(String kernel);
  }

  private void comesBackAfter(Loss loss, String sentence) {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run(STATE)).isEqualTo("set\n");
      String before = uid(kernel);

      loss.of(kernel);

      awaitTold(client, sentence);
      assertThat(client.run(CHECK)).isEqualTo("[1, 2]\n");
      assertThat(uid(kernel)).isNotEqualTo(before);
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  private void evict(String kernel) {
    String name = ClusterGateway.pod(kernel).substring("pod/".length());
    Kubectl.Said said =
        gateway
            .kubectl()
            .attempt(
                """
                {"apiVersion": "policy/v1", "kind": "Eviction",
                 "metadata": {"name": "%s", "namespace": "%s"}}\
                """
                    .formatted(name, NAMESPACE),
                "create",
                "--raw",
                "/api/v1/namespaces/%s/pods/%s/eviction".formatted(NAMESPACE, name),
                "-f",
                "-");
    assertThat(said.code()).as("%s", said.text()).isZero();
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
