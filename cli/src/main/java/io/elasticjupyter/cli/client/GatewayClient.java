// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.cli.program.ProgramFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionException;

/** Speaks to a gateway as any client would: over HTTP and websockets, with its token. */
public final class GatewayClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final JsonMapper json = new JsonMapper();
  private final String base;
  private final String token;

  /**
   * A client of the gateway at {@code base}.
   *
   * @param base such as {@code http://127.0.0.1:8888}, without a slash at its end
   */
  public GatewayClient(String base, String token) {
    this.base = base;
    this.token = token;
  }

  /** Asks for a kernel and answers its id; the kernel itself comes up meanwhile. */
  public String startKernel(String kernelspec) throws ProgramFailure, InterruptedException {
    String body = json.createObjectNode().put("name", kernelspec).toString();
    HttpResponse<String> response =
        send(
            request("/api/kernels")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    expect(response, 201);
    return read(response.body()).path("id").asText();
  }

  /** Whether the gateway still knows the kernel. */
  public boolean knows(String kernel) throws ProgramFailure, InterruptedException {
    HttpResponse<String> response = send(request("/api/kernels/" + kernel).GET());
    if (response.statusCode() == 404) {
      return false;
    }
    expect(response, 200);
    return true;
  }

  public void delete(String kernel) throws ProgramFailure, InterruptedException {
    expect(send(request("/api/kernels/" + kernel).DELETE()), 204);
  }

  /** How many seconds a kernel held its process busy and idle, and gave it back. */
  public JsonNode held(String kernel) throws ProgramFailure, InterruptedException {
    HttpResponse<String> response = send(request("/api/kernels/" + kernel).GET());
    expect(response, 200);
    return read(response.body()).path("held_seconds");
  }

  /** Opens the kernel's websocket, as a notebook does. */
  public KernelChannels open(String kernel) throws ProgramFailure {
    String session = UUID.randomUUID().toString();
    URI uri =
        URI.create(
            "ws"
                + base.substring("http".length())
                + "/api/kernels/"
                + kernel
                + "/channels?session_id="
                + session);
    KernelChannels channels = new KernelChannels(json, session);
    try {
      channels.use(
          http.newWebSocketBuilder()
              .header("Authorization", "token " + token)
              .connectTimeout(PATIENCE)
              .buildAsync(uri, channels)
              .join());
      return channels;
    } catch (CompletionException failure) {
      throw new ProgramFailure(
          "the kernel's websocket cannot be opened: " + failure.getCause(), failure);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(PATIENCE)
        .header("Authorization", "token " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws ProgramFailure, InterruptedException {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new ProgramFailure("the gateway does not answer: " + failure, failure);
    }
  }

  private static void expect(HttpResponse<String> response, int status) throws ProgramFailure {
    if (response.statusCode() != status) {
      throw new ProgramFailure(
          "%s %s was answered with %d instead of %d: %s"
              .formatted(
                  response.request().method(),
                  response.request().uri().getPath(),
                  response.statusCode(),
                  status,
                  response.body()));
    }
  }

  private JsonNode read(String text) throws ProgramFailure {
    try {
      return json.readTree(text);
    } catch (IOException failure) {
      throw new ProgramFailure("the gateway answered something else than JSON", failure);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
