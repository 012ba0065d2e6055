// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.testkit.KernelSpecFolder;
import io.elasticjupyter.testkit.KernelSpecFolder.Spec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A stock jupyter_server started with the gateway's URL; every request goes through it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JupyterServerE2E {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final byte[] LOGO = "not really a picture".getBytes(StandardCharsets.US_ASCII);

  private final Cleanup cleanup = new Cleanup();
  private GatewayProgram gateway;
  private Rest rest;

  @BeforeAll
  void start(@TempDir Path directory) {
    KernelSpecFolder specs = KernelSpecFolder.in(directory).ipykernel("python3");
    Spec scripted = specs.scriptedSpec("scripted").withFiles(Map.of("logo-64x64.png", LOGO));
    specs.add(scripted);
    gateway = cleanup.add(GatewayProgram.start(directory, specs.path()));
    JupyterServer server =
        cleanup.add(JupyterServer.start(directory, gateway.url(), GatewayProgram.TOKEN));
    rest = server.rest();
  }

  @AfterAll
  void stop() throws Exception {
    cleanup.close();
  }

  @Test
  void kernelspecsAndTheirFilesComeFromTheGateway() {
    JsonNode specs = rest.get("/api/kernelspecs").json();

    assertThat(specs.path("kernelspecs").path("python3").at("/spec/language").asText())
        .isEqualTo("python");
    String logo = specs.at("/kernelspecs/scripted/resources/logo-64x64").asText();
    assertThat(logo).endsWith("/kernelspecs/scripted/logo-64x64.png");
    assertThat(rest.status(logo)).isEqualTo(200);
  }

  @Test
  void codeRunsAndQuestionsAreAnswered() {
    String kernel = rest.startKernel("python3");
    try (KernelSocket client = KernelSocket.openLegacy(rest, kernel, KernelSocket.newSession())) {
      assertThat(client.run("x = 41\nprint('hello')")).isEqualTo("hello\n");
      String request = client.execute("print('hello', input('name?'), x + 1)");
      ClientMessage question = client.await("the question", message -> message.is("input_request"));
      client.send(
          "stdin",
          "input_reply",
          Rest.JSON.createObjectNode().put("status", "ok").put("value", "Ada"),
          question.header());
      client.awaitReply(request);
      client.awaitIdle(request);
      assertThat(client.printed(request)).isEqualTo("hello Ada 42\n");
    }
    assertThat(rest.delete("/api/kernels/" + kernel).status()).isEqualTo(204);
    Awaitility.await().atMost(PATIENCE).until(() -> gateway.rest().kernel(kernel).has("message"));
  }

  @Test
  void aCellIsInterruptedAndAKernelRestartedUnderItsId() {
    String kernel = rest.startKernel("python3");
    try (KernelSocket client = KernelSocket.openLegacy(rest, kernel, KernelSocket.newSession())) {
      client.run("x = 41");
      String request = client.execute("import time\nprint('asleep', flush=True)\ntime.sleep(600)");
      client.await("the cell to sleep", message -> message.text().equals("asleep\n"));

      assertThat(rest.post("/api/kernels/" + kernel + "/interrupt", noBody()).status())
          .isEqualTo(204);
      assertThat(client.awaitReply(request).content().path("ename").asText())
          .isEqualTo("KeyboardInterrupt");
      assertThat(client.run("print(x + 1)")).isEqualTo("42\n");

      Rest.Answer restarted = rest.post("/api/kernels/" + kernel + "/restart", noBody());
      assertThat(restarted.status()).isEqualTo(200);
      assertThat(restarted.json().path("id").asText()).isEqualTo(kernel);
      String after = client.execute("print(x + 1)");
      assertThat(client.awaitReply(after).content().path("ename").asText()).isEqualTo("NameError");
    }
    rest.delete("/api/kernels/" + kernel);
  }

  @Test
  void aSessionStartsAKernelOfItsNotebook() {
    ObjectNode body = Rest.JSON.createObjectNode().put("path", "a.ipynb").put("type", "notebook");
    body.put("name", "a.ipynb").putObject("kernel").put("name", "scripted");
    Rest.Answer session = rest.post("/api/sessions", body);
    assertThat(session.status()).as("%s", session.json()).isEqualTo(201);
    String kernel = session.json().at("/kernel/id").asText();

    assertThat(gateway.rest().kernel(kernel).path("name").asText()).isEqualTo("scripted");
    try (KernelSocket client = KernelSocket.openLegacy(rest, kernel, KernelSocket.newSession())) {
      assertThat(client.run("print hello")).isEqualTo("hello\n");
    }
    String path = "/api/sessions/" + session.json().get("id").asText();
    assertThat(rest.delete(path).status()).isEqualTo(204);
  }

  @Test
  void aFloodArrivesWhole() {
    String kernel = rest.startKernel("scripted");
    try (KernelSocket client = KernelSocket.openLegacy(rest, kernel, KernelSocket.newSession())) {
      String request = client.execute("flood 20000 100");
      client.awaitReply(request);
      client.awaitIdle(request);
      Numbers.assertAllInOrder(client.numbers(request), 20_000);
    }
    rest.delete("/api/kernels/" + kernel);
  }

  @Test
  void theServerComesBackToAKilledGatewayAndTheCellGoesOn() {
    String kernel = rest.startKernel("scripted");
    try (KernelSocket client = KernelSocket.openLegacy(rest, kernel, KernelSocket.newSession())) {
      client.run("set x 42");
      String request = client.execute("tick 100 0.05");
      client.await("some of the output", message -> message.text().startsWith("0000010"));

      gateway.kill();
      gateway.startAgain();

      client.awaitReply(request);
      client.awaitIdle(request);
      Numbers.assertAllButOneGap(client.numbers(request), 100);
      assertThat(client.run("get x")).isEqualTo("42\n");
    }
    rest.delete("/api/kernels/" + kernel);
  }

  private static ObjectNode noBody() {
    return Rest.JSON.createObjectNode();
  }
}
