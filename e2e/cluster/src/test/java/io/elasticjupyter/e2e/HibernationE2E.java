// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Kernels in Pods that give their Pods back and keep their variables. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HibernationE2E {

  private static final Duration SECONDS = Duration.ofSeconds(30);

  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      spec: {cullInterval: 1, idle: {onLoss: KeepRunning}}
      """;

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;

  @BeforeAll
  void start() {
    gateway = cleanup.add(ClusterGateway.start("hibernation", SETTING));
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  private JsonNode resource(String kernel) {
    return gateway.kubectl().get(ClusterGateway.resource(kernel));
  }

  private void awaitStage(String kernel, String stage) {
    Awaitility.await(stage)
        .atMost(SECONDS)
        .untilAsserted(() ->
            assertThat(resource(kernel).at("/status/stage").asText())
                .as(resource(kernel).toString())
                .isEqualTo(stage));
  }

  private void assertNoPod(String kernel) {
    assertThat(gateway.kubectl().get(ClusterGateway.pod(kernel)).isMissingNode())
        .as("there is no Pod")
        .isTrue();
  }

  private void mode(String kernel, String mode) {
    patch(kernel, "operatingMode", mode);
  }

  private void patch(String kernel, String field, String value) {
    gateway
        .kubectl()
        .run(
            "patch",
            ClusterGateway.resource(kernel),
            "--type=merge",
            "-p",
            "{\"spec\":{\"%s\":\"%s\"}}".formatted(field, value));
  }

  private void awaitTrouble(String kernel, String... words) {
    Awaitility.await("the reason")
        .atMost(SECONDS)
        .untilAsserted(() ->
            assertThat(resource(kernel).at("/status/hibernation/trouble").asText())
                .contains(words));
  }

  @Test
  void thePodGoesAndTheVariablesComeBackInAnother() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run("x = 41; data = bytearray(3_000_000); data[7] = 7; same = data");
      String pod = gateway.kubectl().get(ClusterGateway.pod(kernel)).at("/metadata/uid").asText();

      assertThat(hibernate(kernel).status()).isEqualTo(200);

      assertNoPod(kernel);
      awaitStage(kernel, "Hibernated");
      JsonNode sleep = resource(kernel).at("/status/hibernation");
      assertThat(sleep.path("asleep").asBoolean()).isTrue();
      assertThat(sleep.path("digest").asText()).hasSize(64);
      assertThat(gateway.rest().kernel(kernel).path("reason").asText()).contains("hibernates");

      assertThat(client.runAndListen("print(x + 1, data[7], len(data), same is data)"))
          .contains("The kernel slept for", "3 variables are as before")
          .endsWith("42 7 3000000 True\n");
      assertThat(gateway.kubectl().get(ClusterGateway.pod(kernel)).at("/metadata/uid").asText())
          .isNotEqualTo(pod);
      assertThat(resource(kernel).at("/status/hibernation/asleep").asBoolean()).isFalse();
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  @Test
  void kubectlLetsItSleepAndWakesIt() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run("x = 41");
    }

    mode(kernel, "Hibernated");
    awaitStage(kernel, "Hibernated");
    assertNoPod(kernel);

    mode(kernel, "Running");
    awaitStage(kernel, "Running");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run("print(x + 1)")).isEqualTo("42\n");
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  @Test
  void aKernelMovesToAPodOfAnotherSize() {
    gateway.apply(
        """
        apiVersion: kubeflow.tkestack.io/v1alpha1
        kind: JupyterKernelSpec
        metadata: {name: large}
        spec:
          language: python
          image: localhost/elastic-jupyter-kernel-python:dev
          env: [{name: SIZE, value: large}]
          resources: {requests: {cpu: 200m}}
        """);
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run("x = 41; import os");

      Rest.Answer moved =
          gateway
              .rest()
              .post(
                  "/api/kernels/" + kernel + "/move",
                  Rest.JSON.createObjectNode().put("name", "large"));
      assertThat(moved.status()).as("%s", moved.json()).isEqualTo(202);
      assertThat(client.run("print(x + 1, os.environ.get('SIZE'))")).isEqualTo("42 large\n");
      assertThat(requestedCpu(kernel)).isEqualTo("200m");

      // A wish of a kernel in use is done when it is not any more.
      String busy = client.execute("import time; time.sleep(4); x += 1");
      client.await("busy", message -> message.isStatus("busy") && message.parentId().equals(busy));
      patch(kernel, "kernelSpec", "python3");
      client.awaitReply(busy);
      Awaitility.await("the Pod of the other kernelspec")
          .atMost(SECONDS)
          .untilAsserted(() -> assertThat(requestedCpu(kernel)).isNotEqualTo("200m"));
      assertThat(client.run("print(x, os.environ.get('SIZE'))")).isEqualTo("42 None\n");

      patch(kernel, "kernelSpec", "nowhere");
      awaitTrouble(kernel, "no kernelspec nowhere");
      Awaitility.await("what it is")
          .atMost(SECONDS)
          .untilAsserted(() ->
              assertThat(resource(kernel).at("/spec/kernelSpec").asText()).isEqualTo("python3"));
      assertThat(client.run("print(x)")).isEqualTo("42\n");
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  private String requestedCpu(String kernel) {
    return gateway
        .kubectl()
        .get(ClusterGateway.pod(kernel))
        .at("/spec/containers/0/resources/requests/cpu")
        .asText();
  }

  @Test
  void aBusyKernelKeepsItsPodUntilItIsDone() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run("x = 41");
      client.execute("import time; print('begun'); time.sleep(5); x += 1; print('over')");
      client.await("begun", message -> message.text().contains("begun"));

      mode(kernel, "Hibernated");
      assertThat(hibernate(kernel).status()).isEqualTo(409);
      client.await("over", message -> message.text().contains("over"));

      awaitStage(kernel, "Hibernated");
      assertThat(client.run("print(x)")).isEqualTo("42\n");
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  @Test
  void aKernelThatWouldLoseSomethingRunsOnWhereThatIsWanted() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run("x = 41; numbers = (n for n in [1, 2]); next(numbers)");

      Rest.Answer answer = hibernate(kernel);
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.json().path("message").asText()).contains("It runs on", "numbers");

      mode(kernel, "Hibernated");
      awaitTrouble(kernel, "It runs on", "numbers");
      Awaitility.await("the wish is over")
          .atMost(SECONDS)
          .untilAsserted(() ->
              assertThat(resource(kernel).at("/spec/operatingMode").asText()).isEqualTo("Running"));
      assertThat(client.run("print(x, next(numbers))")).isEqualTo("41 2\n");
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  /** By TLS to the gateway's certificate as well, with nothing but what R has. */
  @Test
  void aSessionInRGivesItsPodBackToo() {
    gateway.apply(
        """
        apiVersion: kubeflow.tkestack.io/v1alpha1
        kind: JupyterKernelSpec
        metadata: {name: r}
        spec:
          language: R
          image: localhost/elastic-jupyter-kernel-r:dev
          command: [R, --no-save, -e, "IRkernel::main()", --args, "{connection_file}"]
        """);
    Awaitility.await("the kernelspec is offered")
        .atMost(SECONDS)
        .until(() -> gateway.rest().get("/api/kernelspecs/r").status() == 200);
    String kernel = gateway.rest().startKernel("r");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run("x <- 41; big <- as.numeric(1:300000)");

      Rest.Answer slept = hibernate(kernel);
      assertThat(slept.status()).as("%s", slept.json()).isEqualTo(200);
      assertNoPod(kernel);
      assertThat(client.run("cat(x + 1, sum(big))")).isEqualTo("42 45000150000");
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  @Test
  void whatIsNoTlsIsNotAnsweredAtThePortOfSnapshots() throws Exception {
    try (PortForward port = PortForward.to(gateway.kubectl(), "deploy/gateway", 8878);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.url().getPort())) {
      socket.setSoTimeout((int) SECONDS.toMillis());
      socket
          .getOutputStream()
          .write("GET /snapshots/gen-000001/pack HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .doesNotContain("HTTP/");
    }
  }

  /** Without a volume of its own a gateway's snapshots go with its Pod; that is said. */
  @Test
  void aGatewayThatIsLostWithItsSnapshotsSaysSo() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run("x = 41");
    }
    assertThat(hibernate(kernel).status()).isEqualTo(200);

    gateway
        .kubectl()
        .run("delete", "pod", "-l", "app.kubernetes.io/component=gateway", "--grace-period=0");
    gateway.kubectl().run("rollout", "status", "deploy/gateway", "--timeout=110s");
    gateway.forward();

    assertThat(gateway.rest().kernel(kernel).path("reason").asText()).contains("hibernates");
    assertNoPod(kernel);
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      ClientMessage reply = client.awaitReply(client.execute("print(x + 1)"));
      assertThat(reply.content().path("ename").asText()).isEqualTo("KernelNotWoken");
      assertThat(reply.content().path("evalue").asText())
          .contains("no gen-000001/manifest.json", "variables are gone", "restart");

      assertThat(restart(kernel).status()).isEqualTo(200);
      assertThat(client.run("print('x' in globals())")).isEqualTo("False\n");
    }
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  private Rest.Answer hibernate(String kernel) {
    return gateway.rest().post("/api/kernels/" + kernel + "/hibernate", Rest.JSON.nullNode());
  }

  private Rest.Answer restart(String kernel) {
    return gateway.rest().post("/api/kernels/" + kernel + "/restart", Rest.JSON.nullNode());
  }
}
