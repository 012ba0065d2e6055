// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.gateway.config.CorsConfig;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Token, origin and CORS, before anything else is looked at. */
class FrontDoorIT {

  private static final String ID = "6b1a7c2e-0f6d-4c8e-9f3a-1d2c3b4a5f60";
  private static final String CHANNELS = "/api/kernels/" + ID + "/channels";

  private final MemoryKernels kernels = new MemoryKernels();
  private final GatewayUnderTest gateway = start();

  private GatewayUnderTest start() {
    kernels.running(ID);
    try {
      return GatewayUnderTest.start(
          Configs.config()
              .token("secret")
              .cors(
                  new CorsConfig(
                      Optional.of("true"),
                      Optional.of("Authorization, Content-Type"),
                      Optional.of("GET, POST"),
                      Optional.of("http://hub.example"),
                      Optional.of("X-Y"),
                      Optional.of("600")))
              .build(),
          kernels,
          Specs.offering(Specs.python("python3")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api",
        "/api/kernels",
        "/api/kernels/" + ID,
        "/api/kernels/a-b-c-d-e",
        "/api/kernelspecs",
        "/kernelspecs/python3/kernel.js",
        "/api/sessions",
        "/api/status",
        "/api/me",
        "/metrics",
        "/api/contents",
        CHANNELS
      })
  void asksForTheToken(String path) {
    GatewayUnderTest.Answer answer = gateway.get(path);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.json().path("reason").asText()).isEqualTo("Unauthorized");
    assertThat(gateway.get(path, "Authorization", "token secret").status()).isNotEqualTo(401);
    assertThat(gateway.get(path + "?token=secret").status()).isNotEqualTo(401);
    assertThat(gateway.get(path + "?token=no", "Authorization", "token secret").status())
        .isEqualTo(401);
  }

  @Test
  void asksForItBeforeItLooksAtMethodBodyOrOrigin() {
    assertThat(gateway.send("PUT", "/api/kernels", "{", "Origin", "http://evil").status())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/readyz", "/api/swagger.json", "/api/swagger.yaml"})
  void leavesProbesAndDescriptionOpen(String path) {
    assertThat(gateway.get(path).status()).isEqualTo(200);
  }

  @Test
  void leavesTheNotFoundOpen() {
    assertThat(gateway.get("/nothing").status()).isEqualTo(404);
  }

  @Test
  void websocketsNeedTheTokenAsWell() throws IOException {
    try (RawWebSocket none = RawWebSocket.open(gateway.port(), CHANNELS);
        RawWebSocket wrong = RawWebSocket.open(gateway.port(), CHANNELS + "?token=x");
        RawWebSocket query = RawWebSocket.open(gateway.port(), CHANNELS + "?token=secret");
        RawWebSocket header =
            RawWebSocket.open(gateway.port(), CHANNELS, "Authorization: Bearer secret")) {
      assertThat(none.status()).isEqualTo(401);
      assertThat(wrong.status()).isEqualTo(401);
      assertThat(query.status()).isEqualTo(101);
      assertThat(header.status()).isEqualTo(101);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/kernels", "/api/kernels/" + ID, "/api/sessions", CHANNELS})
  void optionsAnswerWithoutAToken(String path) {
    GatewayUnderTest.Answer answer =
        gateway.send("OPTIONS", path, "", "Origin", "http://hub.example");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertHasCors(answer);
  }

  @Test
  void everyAnswerCarriesTheCorsHeaders() {
    assertHasCors(gateway.get("/api?token=secret"));
    assertHasCors(gateway.get("/api"));
    assertHasCors(gateway.get("/nothing"));
  }

  @Test
  void pagesOfOtherOriginsFindNothing() throws IOException {
    assertThat(gateway.get("/api?token=secret", "Origin", "http://hub.example").status())
        .isEqualTo(200);
    assertThat(gateway.get("/api?token=secret", "Origin", "http://evil.example").status())
        .isEqualTo(404);
    try (RawWebSocket evil =
            RawWebSocket.open(
                gateway.port(), CHANNELS + "?token=secret", "Origin: http://evil.example");
        RawWebSocket hub =
            RawWebSocket.open(
                gateway.port(),
                CHANNELS + "?token=secret",
                "Origin: http://hub.example",
                "User-Agent: browser")) {
      assertThat(evil.status()).isEqualTo(403);
      assertThat(hub.status()).isEqualTo(101);
    }
  }

  private static void assertHasCors(GatewayUnderTest.Answer answer) {
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("http://hub.example");
    assertThat(answer.header("Access-Control-Allow-Credentials")).isEqualTo("true");
    assertThat(answer.header("Access-Control-Allow-Headers")).contains("Authorization");
    assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("GET, POST");
    assertThat(answer.header("Access-Control-Expose-Headers")).isEqualTo("X-Y");
    assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("600");
  }
}
