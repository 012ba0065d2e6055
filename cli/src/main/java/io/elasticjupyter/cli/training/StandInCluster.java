// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of an API server as a program needs that is trained: objects are kept as they are
 * written, lists have what is there, watches tell nothing. Nothing is checked. It is there until
 * the process ends, since programs write their last when they end. Safe for any thread.
 */
final class StandInCluster {

  private static final Pattern COLLECTION =
      Pattern.compile("/(api|apis/[^/]+)/[^/]+(/namespaces/[^/]+)?/[^/]+");

  private static final Pattern ONE_BY_NAME = Pattern.compile("fieldSelector=metadata.name=([^&]+)");

  private final JsonMapper json = new JsonMapper();
  private final Map<String, ObjectNode> objects = new ConcurrentSkipListMap<>();
  private final CountDownLatch awaited = new CountDownLatch(1);
  private final HttpServer server;
  private final String awaitedWrite;

  private StandInCluster(HttpServer server, String awaitedWrite) {
    this.server = server;
    this.awaitedWrite = awaitedWrite;
  }

  /**
   * Starts it at a free port of this machine.
   *
   * @param awaitedWrite the path of the object whose write {@link #await} waits for
   */
  static StandInCluster start(String awaitedWrite) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    StandInCluster cluster = new StandInCluster(server, awaitedWrite);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", cluster::answer);
    server.start();
    return cluster;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Puts an object there, as somebody else than the program did. */
  void put(String path, String object) throws IOException {
    keep(path, (ObjectNode) json.readTree(object));
  }

  /** Waits until the program has written what it is trained to write; false where it does not. */
  boolean await(Duration patience) throws InterruptedException {
    return awaited.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
      switch (exchange.getRequestMethod()) {
        case "GET" -> {
          if (query.contains("watch=true")) {
            watch(exchange);
          } else if (isCollection(path)) {
            send(exchange, HttpURLConnection.HTTP_OK, list(path, query));
          } else {
            found(exchange, Optional.ofNullable(objects.get(path)));
          }
        }
        case "DELETE" -> found(exchange, Optional.ofNullable(objects.remove(path)));
        case "POST" -> {
          ObjectNode written = body(exchange);
          String name = written.at("/metadata/name").asText();
          send(exchange, HttpURLConnection.HTTP_CREATED, write(path + "/" + name, written));
        }
        default -> send(exchange, HttpURLConnection.HTTP_OK, write(path, body(exchange)));
      }
    }
  }

  /** Tells nothing, until the program ends; by HTTP, which the library tries after a websocket. */
  private void watch(HttpExchange exchange) throws IOException {
    if (exchange.getRequestHeaders().containsKey("Upgrade")
        && exchange.getRequestHeaders().getFirst("Upgrade").equalsIgnoreCase("websocket")) {
      exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, -1);
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, 0);
    exchange.getResponseBody().flush();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is written; nothing where it is a list of changes (RFC 6902), which are not made. */
  private ObjectNode body(HttpExchange exchange) throws IOException {
    try (InputStream stream = exchange.getRequestBody()) {
      return json.readTree(stream) instanceof ObjectNode object ? object : json.createObjectNode();
    }
  }

  /** A patch adds and replaces; nothing is ever taken away from an object. */
  private ObjectNode write(String path, ObjectNode written) {
    String target = path.endsWith("/status") ? path.substring(0, path.lastIndexOf('/')) : path;
    ObjectNode kept = objects.getOrDefault(target, json.createObjectNode());
    written.properties().forEach(field -> merge(kept, field.getKey(), field.getValue()));
    keep(target, kept);
    if (path.equals(awaitedWrite)) {
      awaited.countDown();
    }
    return kept;
  }

  private static void merge(ObjectNode into, String field, JsonNode value) {
    if (into.get(field) instanceof ObjectNode before && value instanceof ObjectNode change) {
      change.properties().forEach(inner -> merge(before, inner.getKey(), inner.getValue()));
    } else {
      into.set(field, value);
    }
  }

  private void keep(String path, ObjectNode object) {
    ObjectNode metadata = object.withObjectProperty("metadata");
    metadata.put("uid", "uid-of-" + path.substring(path.lastIndexOf('/') + 1));
    metadata.put("resourceVersion", "1");
    metadata.put("generation", 1);
    metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
    objects.put(path, object);
  }

  private ObjectNode list(String path, String query) {
    String plural = path.substring(path.lastIndexOf('/')) + "/";
    Matcher one = ONE_BY_NAME.matcher(query);
    String wanted = one.find() ? plural + one.group(1) : plural;
    ObjectNode list = json.createObjectNode().put("kind", "List").put("apiVersion", "v1");
    list.putObject("metadata").put("resourceVersion", "1");
    ArrayNode items = list.putArray("items");
    objects.forEach((key, object) -> {
      if (wanted.equals(plural) ? key.contains(plural) : key.endsWith(wanted)) {
        items.add(object);
      }
    });
    return list;
  }

  /** {@code /api/v1/PLURAL} or {@code /apis/GROUP/VERSION/PLURAL}, or that in a namespace. */
  private static boolean isCollection(String path) {
    return COLLECTION.matcher(path).matches();
  }

  private void found(HttpExchange exchange, Optional<ObjectNode> object) throws IOException {
    if (object.isPresent()) {
      send(exchange, HttpURLConnection.HTTP_OK, object.get());
    } else {
      ObjectNode status =
          json.createObjectNode()
              .put("kind", "Status")
              .put("apiVersion", "v1")
              .put("status", "Failure")
              .put("reason", "NotFound")
              .put("code", HttpURLConnection.HTTP_NOT_FOUND);
      send(exchange, HttpURLConnection.HTTP_NOT_FOUND, status);
    }
  }

  private void send(HttpExchange exchange, int code, ObjectNode answer) throws IOException {
    byte[] bytes = json.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
