// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.kernels.KernelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions over REST, and over a restart of the gateway. */
class SessionsOverRestIT {

  private static final String NEW = "{\"path\":\"a.ipynb\",\"type\":\"notebook\",\"name\":\"a\"}";

  private final MemoryKernels kernels = new MemoryKernels();
  @TempDir private Path state;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    gateway =
        GatewayUnderTest.start(
            Configs.config().stateDirectory(state).build(),
            kernels,
            Specs.offering(Specs.python("python3"), Specs.python("other")));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aNewPathGetsASessionAndAKernel() {
    GatewayUnderTest.Answer answer = gateway.post("/api/sessions", NEW);
    assertThat(answer.status()).isEqualTo(201);
    JsonNode model = answer.json();
    assertThat(answer.header("Location")).isEqualTo("/api/sessions/" + model.path("id").asText());
    assertThat(model.path("path").asText()).isEqualTo("a.ipynb");
    assertThat(model.at("/notebook/path").asText()).isEqualTo("a.ipynb");
    assertThat(model.path("type").asText()).isEqualTo("notebook");
    assertThat(model.at("/kernel/name").asText()).isEqualTo("python3");
    assertThat(gateway.get(answer.header("Location")).json()).isEqualTo(model);
    assertThat(gateway.get("/api/sessions").json()).containsExactly(model);
  }

  @Test
  void theSamePathGetsTheSameSession() {
    JsonNode first = gateway.post("/api/sessions", NEW).json();
    assertThat(gateway.post("/api/sessions", NEW).json()).isEqualTo(first);
    assertThat(kernels.all()).hasSize(1);
  }

  @Test
  void theOlderShapeIsUnderstood() {
    JsonNode model =
        gateway
            .post(
                "/api/sessions",
                "{\"notebook\":{\"path\":\"b.ipynb\"},\"kernel\":{\"name\":\"other\"}}")
            .json();
    assertThat(model.path("path").asText()).isEqualTo("b.ipynb");
    assertThat(model.at("/kernel/name").asText()).isEqualTo("other");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"path\":\"a\"}",
        "{\"type\":\"notebook\"}",
        "{\"path\":1,\"type\":\"x\"}",
        "{\"path\":\"a\",\"type\":\"x\",\"kernel\":1}",
        "[",
        "{\"notebook\":3}"
      })
  void badBodies(String body) {
    GatewayUnderTest.Answer answer = gateway.post("/api/sessions", body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).isNotEmpty();
    assertThat(kernels.all()).isEmpty();
  }

  @Test
  void unknownKernelspecsHaveTheBodyThatSessionClientsRead() {
    GatewayUnderTest.Answer answer =
        gateway.post(
            "/api/sessions", "{\"path\":\"a\",\"type\":\"x\",\"kernel\":{\"name\":\"nothing\"}}");
    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.message()).contains("'nothing' kernel is not available");
    assertThat(answer.json().path("short_message").asText()).isEqualTo("nothing not found");
  }

  @Test
  void aSessionMovesToAnotherPath() {
    String path = created();
    JsonNode moved = gateway.send("PATCH", path, "{\"path\":\"b.ipynb\",\"name\":\"b\"}").json();
    assertThat(moved.path("path").asText()).isEqualTo("b.ipynb");
    assertThat(moved.at("/kernel/name").asText()).isEqualTo("python3");
    assertThat(kernels.all()).hasSize(1);
  }

  @Test
  void aKernelNameStartsAnotherKernelAndEndsTheOldOne() {
    String path = created();
    String before = gateway.get(path).json().at("/kernel/id").asText();
    JsonNode changed = gateway.send("PATCH", path, "{\"kernel\":{\"name\":\"other\"}}").json();
    assertThat(changed.at("/kernel/name").asText()).isEqualTo("other");
    assertThat(changed.at("/kernel/id").asText()).isNotEqualTo(before);
    assertThat(kernels.find(new KernelId(before))).isEmpty();
  }

  @Test
  void aKernelThatAnotherSessionHasStays() {
    String path = created();
    String kernel = gateway.get(path).json().at("/kernel/id").asText();
    gateway.post(
        "/api/sessions",
        "{\"path\":\"c\",\"type\":\"console\",\"kernel\":{\"id\":\"" + kernel + "\"}}");
    assertThat(kernels.all()).hasSize(1);
    assertThat(gateway.send("DELETE", path, "").status()).isEqualTo(204);
    assertThat(kernels.find(new KernelId(kernel))).isPresent();
  }

  @Test
  void deletingEndsSessionAndKernelOnce() {
    String path = created();
    assertThat(gateway.send("DELETE", path, "").status()).isEqualTo(204);
    assertThat(kernels.all()).isEmpty();
    assertThat(gateway.send("DELETE", path, "").status()).isEqualTo(410);
    assertThat(gateway.get(path).status()).isEqualTo(404);
    assertThat(gateway.send("PATCH", path, "{}").status()).isEqualTo(404);
  }

  @Test
  void aSessionWhoseKernelIsGoneIsForgotten() {
    String path = created();
    String kernel = gateway.get(path).json().at("/kernel/id").asText();
    gateway.send("DELETE", "/api/kernels/" + kernel, "");
    assertThat(gateway.send("DELETE", path, "").status()).isEqualTo(410);
    assertThat(gateway.get("/api/sessions").json()).isEmpty();
  }

  @Test
  void sessionsAreThereAfterARestart() throws IOException {
    JsonNode before = gateway.post("/api/sessions", NEW).json();
    gateway.close();
    start();
    assertThat(gateway.get("/api/sessions").json()).containsExactly(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"sessions\":[{\"id\":\"x\"", "{\"sessions\":1}", "\u0000"})
  void damagedFilesAreSetAside(String content) throws IOException {
    gateway.close();
    Files.writeString(state.resolve("sessions.json"), content);
    start();
    assertThat(gateway.get("/api/sessions").json()).isEmpty();
    assertThat(state.resolve("sessions.json.damaged")).hasContent(content);
    assertThat(created()).isNotEmpty();
  }

  private String created() {
    return gateway.post("/api/sessions", NEW).header("Location");
  }
}
