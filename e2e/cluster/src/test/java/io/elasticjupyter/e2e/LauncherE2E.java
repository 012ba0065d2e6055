// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * An Enterprise Gateway from PyPI, whose kernelspec's command is our kubeflow-launcher: its kernels
 * are JupyterKernels, and live as long as the Pods that it looks after by itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LauncherE2E {

  private static final Kubectl KUBECTL = Kubectl.in("enterprise-gateway");
  private static final String DEPLOYMENT = "deploy/enterprise-gateway";
  private static final String KERNELSPEC = "python_elastic";

  private final Cleanup cleanup = new Cleanup();
  private Rest gateway;

  @BeforeAll
  void install() {
    Installation.apply();
    cleanup.add(() -> KUBECTL.run("delete", "namespace", KUBECTL.namespace(), "--wait=false"));
    KUBECTL.run("apply", "-f", "e2e/cluster/enterprise-gateway.yaml");
    KUBECTL.run("rollout", "status", DEPLOYMENT, "--timeout=110s");
    gateway = new Rest(cleanup.add(PortForward.to(KUBECTL, DEPLOYMENT, 8888)).url(), "");
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void aKernelOfItIsOursAndLeavesNothingBehind() {
    String kernel = start("KERNEL_TEAM", "$(PUBLIC_KEY)");
    JsonNode resource = KUBECTL.get("jk/ada-" + kernel);
    assertThat(resource.at("/spec/kernelId").asText()).isEqualTo(kernel);
    assertThat(resource.at("/status/stage").asText()).isEqualTo("Running");

    try (KernelSocket socket =
        KernelSocket.openLegacy(gateway, kernel, KernelSocket.newSession())) {
      assertThat(socket.run("import os\nprint(os.environ['KERNEL_TEAM'], os.uname().nodename)"))
          .as("what the client sent is handed on as it is")
          .isEqualTo("$(PUBLIC_KEY) ada-" + kernel + "\n");
      assertThat(socket.run("print(sorted(n for n in os.environ if 'TOKEN' in n))"))
          .isEqualTo("[]\n");
    }

    assertThat(gateway.delete("/api/kernels/" + kernel).status()).isEqualTo(204);
    awaitNothingOf(kernel);
  }

  @Test
  void aRestartIsANewPodOfTheSameKernel() {
    String kernel = start("KERNEL_TEAM", "blue");
    String before = KUBECTL.get("pod/ada-" + kernel).at("/metadata/uid").asText();
    assertThat(before).isNotEmpty();

    Rest.Answer answer =
        gateway.post("/api/kernels/" + kernel + "/restart", Rest.JSON.createObjectNode());
    assertThat(answer.status()).as("%s", answer.json()).isEqualTo(200);

    assertThat(KUBECTL.get("pod/ada-" + kernel).at("/metadata/uid").asText())
        .isNotEmpty()
        .isNotEqualTo(before);
    try (KernelSocket socket =
        KernelSocket.openLegacy(gateway, kernel, KernelSocket.newSession())) {
      assertThat(socket.run("print(6 * 7)")).isEqualTo("42\n");
    }
    assertThat(gateway.delete("/api/kernels/" + kernel).status()).isEqualTo(204);
    awaitNothingOf(kernel);
  }

  @Test
  void aKernelThatCannotStartFailsAtOnceAndItsReasonIsInTheGatewaysLog() {
    Rest.Answer answer = post("KERNEL_IMAGE", "Not An Image");

    assertThat(answer.status()).isEqualTo(500);
    // It asks by turns whether its launcher has failed and how the Pod's container is, so either
    // may be what it finds first.
    assertThat(answer.json().toString())
        .containsAnyOf(
            "Error occurred during launch of KernelID", "Error starting kernel container");
    Awaitility.await("the reason in the log")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(KUBECTL.run("logs", DEPLOYMENT))
                .contains("elastic-jupyter launch: the kernel did not start: "));
    Awaitility.await("nothing is left")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(KUBECTL.list("jk"))
                .noneMatch(kernel -> kernel.toString().contains("Not An Image")));
  }

  private String start(String name, String value) {
    Rest.Answer answer = post(name, value);
    assertThat(answer.status()).as("%s", answer.json()).isEqualTo(201);
    return answer.json().path("id").asText();
  }

  private Rest.Answer post(String name, String value) {
    ObjectNode body = Rest.JSON.createObjectNode().put("name", KERNELSPEC);
    body.putObject("env").put("KERNEL_USERNAME", "ada").put(name, value);
    return gateway.post("/api/kernels", body);
  }

  private static void awaitNothingOf(String kernel) {
    Awaitility.await("the kernel's Pod and resource are gone")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          assertThat(KUBECTL.get("pod/ada-" + kernel).isMissingNode()).isTrue();
          assertThat(KUBECTL.get("jk/ada-" + kernel).isMissingNode()).isTrue();
        });
  }
}
