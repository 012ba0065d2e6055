// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.load.WebSocketLink;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A gateway's REST interface, ours or a peer's. Safe for any thread. */
public final class GatewayApi implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

  private final URI address;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private GatewayApi(URI address, String token) {
    this.address = address;
    this.token = token;
  }

  /** Connects to a gateway that answers already. */
  public static GatewayApi at(URI address, String token) throws IOException {
    GatewayApi api = new GatewayApi(address, token);
    // The first request of a Java HTTP client costs as much as a kernel's start.
    api.exchange("GET", "/api/kernelspecs", "");
    return api;
  }

  /** Asks for a kernel, and returns its id. */
  public String start(String kernelspec, Map<String, String> environment) throws IOException {
    Map<String, String> env = new TreeMap<>(environment);
    // Enterprise Gateway refuses the user root, whom it takes from its own environment otherwise.
    env.putIfAbsent("KERNEL_USERNAME", "bench");
    String body =
        "{\"name\": \"%s\", \"env\": {%s}}"
            .formatted(
                kernelspec,
                env.entrySet().stream()
                    .map(one -> "\"%s\": \"%s\"".formatted(one.getKey(), one.getValue()))
                    .collect(Collectors.joining(", ")));
    String answer = exchange("POST", "/api/kernels", body);
    Matcher id = ID.matcher(answer);
    if (!id.find()) {
      throw new IOException("no id in " + answer);
    }
    return id.group(1);
  }

  /** Opens the websocket of a kernel. */
  public KernelLink connect(String id, WebSocketLink.Options options) throws IOException {
    return WebSocketLink.open(address, token, id, options);
  }

  /** Ends a kernel; returns when the gateway has answered. */
  public void delete(String id) throws IOException {
    exchange("DELETE", "/api/kernels/" + id, "");
  }

  private String exchange(String method, String path, String body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve(path))
            .timeout(Duration.ofMinutes(2))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "token " + token);
    }
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 400) {
        throw new IOException(
            "%s %s: %d %s".formatted(method, path, response.statusCode(), response.body().strip()));
      }
      return response.body();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
