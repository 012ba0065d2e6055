// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Jupyter's REST interface, of a gateway or of a jupyter_server, with a token. */
final class Rest {

  static final ObjectMapper JSON = new ObjectMapper();

  // One for the test process: its selector thread is then no leak of any one test.
  static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(20))
          .build();

  private final URI base;
  private final String token;

  Rest(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  URI base() {
    return base;
  }

  String token() {
    return token;
  }

  /** An answer; {@code json} is missing where the body is empty. */
  record Answer(int status, JsonNode json) {}

  Answer get(String path) {
    return ask("GET", path, HttpRequest.BodyPublishers.noBody());
  }

  Answer post(String path, JsonNode body) {
    return ask("POST", path, HttpRequest.BodyPublishers.ofString(body.toString()));
  }

  Answer delete(String path) {
    return ask("DELETE", path, HttpRequest.BodyPublishers.noBody());
  }

  /** The status of a GET whose body may be anything. */
  int status(String path) {
    return send(request("GET", path, HttpRequest.BodyPublishers.noBody())).statusCode();
  }

  Answer ask(String method, String path, HttpRequest.BodyPublisher body) {
    HttpResponse<byte[]> response = send(request(method, path, body));
    try {
      byte[] bytes = response.body();
      return new Answer(
          response.statusCode(),
          bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path + " did not answer JSON", e);
    }
  }

  private HttpRequest request(String method, String path, HttpRequest.BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json")
            .method(method, body);
    if (token.isEmpty()) {
      // A jupyter_server without a token asks for a cookie that a page of another origin cannot
      // know.
      request.header("Cookie", "_xsrf=e2e").header("X-XSRFToken", "e2e");
    } else {
      request.header("Authorization", "token " + token);
    }
    return request.build();
  }

  private static HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(request.method() + " " + request.uri().getPath(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while it waited for an answer", e);
    }
  }

  /** Asks for a kernel and answers its id. */
  String startKernel(String spec) {
    ObjectNode body = JSON.createObjectNode().put("name", spec);
    Answer answer = post("/api/kernels", body);
    assertThat(answer.status()).as("POST /api/kernels: %s", answer.json()).isEqualTo(201);
    return answer.json().get("id").textValue();
  }

  /** Waits until a kernel is in a state, as its model tells. */
  void awaitKernel(String id, String state) {
    Awaitility.await("kernel " + id + " is " + state)
        .atMost(Duration.ofSeconds(90))
        .until(() -> kernel(id).path("execution_state").asText().equals(state));
  }

  JsonNode kernel(String id) {
    return get("/api/kernels/" + id).json();
  }
}
