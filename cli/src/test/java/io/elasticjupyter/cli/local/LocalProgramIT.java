// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.cli.ProgramUnderTest;
import io.elasticjupyter.testkit.ProcessUnderTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalProgramIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path home;

  @Test
  void portZeroIsToldAsJsonAndTheTokenIsKeptForTheNextRun() throws Exception {
    String token;
    try (ProcessUnderTest gateway = start("--port", "0")) {
      JsonNode first = announced(gateway);
      token = first.path("token").asText();

      assertThat(token).hasSizeGreaterThan(30);
      assertThat(first.path("pid").asLong()).isEqualTo(gateway.pid());
      assertThat(status(first.path("url").asText(), token)).isEqualTo(200);
      assertThat(status(first.path("url").asText(), "wrong")).isEqualTo(401);
      gateway.terminate();
      // 128 + 15: ended by SIGTERM, in order.
      assertThat(gateway.awaitExit(PATIENCE)).isEqualTo(143);
    }
    try (ProcessUnderTest gateway = start("--port", "0")) {
      assertThat(announced(gateway).path("token").asText()).isEqualTo(token);
    }
  }

  @Test
  void theStateDirectoryIsForItsOwnerOnly() throws IOException {
    try (ProcessUnderTest gateway = start("--port", "0")) {
      announced(gateway);
      Path state = home.resolve(".local/state/elastic-jupyter/local");

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
          .isEqualTo("rwx------");
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("token"))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aSecondGatewayOnTheSameStateIsRefusedByName() throws IOException {
    try (ProcessUnderTest first = start("--port", "0")) {
      announced(first);
      try (ProcessUnderTest second = start("--port", "0")) {
        assertThat(second.awaitExit(PATIENCE)).isEqualTo(1);
        assertThat(second.output())
            .anyMatch(line ->
                line.contains("another gateway (process " + first.pid() + ")")
                    && line.contains("--state-dir"));
      }
    }
  }

  @Test
  void aGatewayThatWasKilledDoesNotBlockTheNext() throws IOException {
    try (ProcessUnderTest first = start("--port", "0")) {
      announced(first);
      first.kill();
    }
    try (ProcessUnderTest second = start("--port", "0")) {
      assertThat(announced(second).path("url").asText()).startsWith("http://127.0.0.1:");
    }
  }

  @Test
  void settingsComeFromTheEnvironmentAsWell() throws Exception {
    Map<String, String> environment =
        Map.of("EG_PORT", "0", "KG_AUTH_TOKEN", "abc", "EG_BASE_URL", "/gw/");
    try (ProcessUnderTest gateway = ProgramUnderTest.start(home, environment, "local")) {
      JsonNode first = announced(gateway);

      assertThat(first.path("token").asText()).isEqualTo("abc");
      assertThat(first.path("url").asText()).endsWith("/gw");
      assertThat(status(first.path("url").asText(), "abc")).isEqualTo(200);
    }
  }

  @Test
  void badValuesAreRefusedWithTheirSource() {
    try (ProcessUnderTest gateway =
        ProgramUnderTest.start(
            home, Map.of("EG_PORT", "abc"), "local", "--cull-interval", "0", "--certfile", "/c")) {
      assertThat(gateway.awaitExit(PATIENCE)).isEqualTo(2);
      assertThat(gateway.output())
          .containsExactlyInAnyOrder(
              "elastic-jupyter local: EG_PORT is 'abc', but must be a whole number from 0 to 65535",
              "elastic-jupyter local: --cull-interval is '0', but must be a number of seconds, more"
                  + " than 0",
              "Try ./elastic-jupyter local --help");
    }
  }

  @Test
  void anEmptyTokenOpensTheGatewayAndSaysSo() throws Exception {
    try (ProcessUnderTest gateway = start("--port", "0", "--token", "")) {
      JsonNode first = announced(gateway);

      assertThat(first.path("token").asText()).isEmpty();
      assertThat(status(first.path("url").asText(), "")).isEqualTo(200);
      gateway.awaitLine(line -> line.startsWith("Warning: there is no token"), PATIENCE);
    }
  }

  private ProcessUnderTest start(String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "local";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return ProgramUnderTest.start(home, Map.of(), arguments);
  }

  private static JsonNode announced(ProcessUnderTest gateway) throws IOException {
    return new JsonMapper()
        .readTree(gateway.awaitLine(line -> line.startsWith("{\"url\""), PATIENCE));
  }

  private static int status(String url, String token) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/api/kernels"));
    if (!token.isEmpty()) {
      request.header("Authorization", "token " + token);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }
}
