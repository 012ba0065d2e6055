// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.gateway.config.GatewayConfig;
import io.elasticjupyter.gateway.metrics.Meters;
import io.elasticjupyter.kernels.Kernels;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/** A gateway on a free port of loopback, and a client for it. */
public final class GatewayUnderTest implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final Gateway gateway;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private GatewayUnderTest(Gateway gateway) {
    this.gateway = gateway;
  }

  /** One response, with its body as JSON where it is. */
  public record Answer(int status, HttpResponse<String> response) {

    public JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + response.body(), e);
      }
    }

    public String body() {
      return response.body();
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    public String message() {
      return json().path("message").asText();
    }
  }

  public static GatewayUnderTest start(
      GatewayConfig config, Kernels kernels, Supplier<Map<String, KernelSpec>> specs)
      throws IOException {
    return new GatewayUnderTest(
        Gateway.start(
            config,
            kernels,
            specs,
            InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z")),
            new Meters()));
  }

  public int port() {
    return gateway.port();
  }

  public int connections() {
    return gateway.connections();
  }

  public Answer get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  public Answer post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  public Answer send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " was not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.close();
    gateway.close();
  }
}
