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
 * Kernel images that are not made for this project: one whose launcher, as PyPI ships it, calls the
 * gateway, and one in another language than Python.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CallbackKernelsE2E {

  private static final Kubectl KUBECTL = Kubectl.in("callback-kernels");
  private static final Kubectl SAMPLE = Kubectl.in("default");
  private static final String MANIFEST =
      """
      {"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": "kubeflow.tkestack.io/v1alpha1", "kind": "JupyterGateway",
         "metadata": {"name": "gateway"}},
        {"apiVersion": "kubeflow.tkestack.io/v1alpha1", "kind": "JupyterKernelSpec",
         "metadata": {"name": "launcher"}, "spec": {"language": "Python",
           "image": "localhost/elastic-jupyter-kernel-callback:dev", "launchMode": "Callback"}},
        {"apiVersion": "kubeflow.tkestack.io/v1alpha1", "kind": "JupyterKernelSpec",
         "metadata": {"name": "r"}, "spec": {"language": "R",
           "image": "localhost/elastic-jupyter-kernel-r:dev",
           "command": ["R", "--no-save", "-e", "IRkernel::main()", "--args", "{connection_file}"]}}
      ]}\
      """;

  private final Cleanup cleanup = new Cleanup();

  @BeforeAll
  void install() {
    Installation.apply();
    KUBECTL.run("create", "namespace", KUBECTL.namespace());
    cleanup.add(() -> KUBECTL.run("delete", "namespace", KUBECTL.namespace(), "--wait=false"));
    Kubectl.Said said = KUBECTL.apply(MANIFEST);
    assertThat(said.code()).as(said.text()).isZero();
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void theSampleOfEarlierUsersWorksAsItStands() {
    SAMPLE.run("apply", "-f", "deploy/samples/custom-kernels.yaml");
    cleanup.add(() -> SAMPLE.run("delete", "-f", "deploy/samples/custom-kernels.yaml", "--wait"));
    SAMPLE.run("wait", "jnb/notebook-custom", "--for=condition=Ready", "--timeout=110s");
    try (PortForward port = PortForward.to(SAMPLE, "deploy/notebook-custom", 8888)) {
      Rest notebook = new Rest(port.url(), "");
      String kernel = notebook.startKernel("python-kubernetes");
      try (KernelSocket socket = KernelSocket.open(notebook, kernel)) {
        assertThat(socket.run("import socket; print(socket.gethostname())"))
            .isEqualTo("jovyan-" + kernel + "\n");

        JsonNode pod = SAMPLE.get("pod/jovyan-" + kernel);
        assertThat(pod.at("/metadata/labels/kernel_id").asText()).isEqualTo(kernel);
        assertThat(pod.at("/spec/restartPolicy").asText()).isEqualTo("Never");
        assertThat(pod.at("/spec/containers/0/image").asText())
            .isEqualTo("ghcr.io/skai-x/jupyter-kernel-py:2.6.0");
      }
      assertThat(notebook.delete("/api/kernels/" + kernel).status()).isEqualTo(204);
      awaitGone(SAMPLE, kernel);
    }
  }

  @Test
  void aKernelThatCalledIsInterruptedRestartedAndOutlivesItsGateway() {
    String kernel;
    try (ForwardedGateway gateway = ForwardedGateway.of(KUBECTL, "gateway")) {
      kernel = gateway.rest().startKernel("launcher");
      try (KernelSocket socket = KernelSocket.open(gateway.rest(), kernel)) {
        interrupts(gateway.rest(), socket, kernel);
        restarts(gateway.rest(), socket, kernel);
        assertThat(socket.run("kept = 41")).isEmpty();
      }
      assertThat(KUBECTL.get("jk/jovyan-" + kernel).at("/status/launchMode").asText())
          .isEqualTo("Callback");
      KUBECTL.run(
          "delete",
          "pod",
          "--selector=app.kubernetes.io/component=gateway",
          "--grace-period=0",
          "--force");
    }
    try (ForwardedGateway gateway = ForwardedGateway.of(KUBECTL, "gateway");
        KernelSocket socket = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(socket.run("print(kept + 1)")).isEqualTo("42\n");

      assertThat(gateway.rest().delete("/api/kernels/" + kernel).status()).isEqualTo(204);
      awaitGone(KUBECTL, kernel);
    }
  }

  private static void interrupts(Rest gateway, KernelSocket socket, String kernel) {
    String endless = socket.execute("import time\nprint('begun')\nwhile True: time.sleep(0.1)");
    socket.await("the cell has begun", message -> message.is("stream"));
    assertThat(interrupt(gateway, kernel).status()).isEqualTo(204);
    assertThat(socket.awaitReply(endless).content().path("ename").asText())
        .isEqualTo("KeyboardInterrupt");
    socket.awaitIdle(endless);
  }

  private static Rest.Answer interrupt(Rest gateway, String kernel) {
    return gateway.post("/api/kernels/" + kernel + "/interrupt", Rest.JSON.createObjectNode());
  }

  private static void restarts(Rest gateway, KernelSocket socket, String kernel) {
    assertThat(socket.run("before = 1")).isEmpty();
    Rest.Answer answer =
        gateway.post("/api/kernels/" + kernel + "/restart", Rest.JSON.createObjectNode());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(socket.run("print('before' in globals())")).isEqualTo("False\n");
  }

  @Test
  void aKernelInAnotherLanguageRunsACell() {
    try (ForwardedGateway gateway = ForwardedGateway.of(KUBECTL, "gateway")) {
      String kernel = gateway.rest().startKernel("r");
      try (KernelSocket socket = KernelSocket.open(gateway.rest(), kernel)) {
        assertThat(socket.run("cat(sum(1:10), R.version$language)")).isEqualTo("55 R");
      }
      assertThat(gateway.rest().delete("/api/kernels/" + kernel).status()).isEqualTo(204);
    }
  }

  private static void awaitGone(Kubectl kubectl, String kernel) {
    String name = "jovyan-" + kernel;
    Awaitility.await("nothing of the kernel is left")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          assertThat(kubectl.get("jk/" + name).isMissingNode()).isTrue();
          assertThat(kubectl.get("pod/" + name).isMissingNode()).isTrue();
          assertThat(kubectl.get("secret/" + name + "-connection").isMissingNode()).isTrue();
        });
  }
}
