// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.monitoring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The operator's port: {@code /metrics} for Prometheus, {@code /readyz} and {@code /healthz} for
 * the kubelet. The JDK's server, since nothing else in this room speaks HTTP to others.
 */
public final class OperatorEndpoint implements AutoCloseable {

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;

  private OperatorEndpoint(HttpServer server) {
    this.server = server;
  }

  /**
   * Begins to listen, on every address.
   *
   * @param port 0 for any free one
   * @param metrics asked at each scrape
   * @param healthy whether all watches are alive, asked at each probe
   * @throws IOException where the port is taken
   */
  public static OperatorEndpoint open(int port, Supplier<String> metrics, BooleanSupplier healthy)
      throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/metrics", exchange -> answer(exchange, 200, PROMETHEUS, metrics.get()));
    server.createContext("/readyz", exchange -> answer(exchange, 200, TEXT, "ready\n"));
    server.createContext(
        "/healthz",
        exchange -> {
          boolean well = healthy.getAsBoolean();
          answer(exchange, well ? 200 : 503, TEXT, well ? "well\n" : "a watch has ended\n");
        });
    server.start();
    return new OperatorEndpoint(server);
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
