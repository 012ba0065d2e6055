// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.elasticjupyter.kernels.hibernation.SnapshotFolder;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Use;
import io.elasticjupyter.kernels.vault.Grants.Grant;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The vault's door for kernels: {@code PUT}, {@code GET} and {@code HEAD} of {@code
 * /snapshots/NAME}, by bearer token. One virtual thread per request; bytes go between socket and
 * file without being collected. A refusal is one sentence of plain text.
 */
public final class SnapshotServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(SnapshotServer.class.getName());

  private static final String ROOT = "/snapshots/";
  private static final String BEARER = "bearer ";
  private static final Duration STOP = Duration.ofSeconds(1);
  private static final int QUEUE = 256;
  private static final int NO_BODY = -1;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Grants grants;

  private SnapshotServer(HttpServer server, ExecutorService threads, Grants grants) {
    this.server = server;
    this.threads = threads;
    this.grants = grants;
  }

  /**
   * Begins to listen on all addresses.
   *
   * @param port 0 for any
   */
  public static SnapshotServer start(int port, SnapshotVault vault) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), QUEUE);
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("snapshots-", 0).factory());
    SnapshotServer started = new SnapshotServer(server, threads, vault.grants());
    server.createContext("/", started::serve);
    server.setExecutor(threads);
    server.start();
    return started;
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void serve(HttpExchange exchange) {
    try (exchange) {
      answer(exchange);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "event=snapshot-transfer-broken method={0} from={1} reason={2}",
          exchange.getRequestMethod(),
          exchange.getRemoteAddress().getAddress().getHostAddress(),
          e.toString());
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    Optional<Grant> grant = grant(exchange);
    String path = exchange.getRequestURI().getPath();
    String name = path.startsWith(ROOT) ? path.substring(ROOT.length()) : "";
    if (grant.isEmpty()) {
      refuse(exchange, 401, "No token of a call that goes on.");
    } else if (!SnapshotFolder.isName(name)) {
      refuse(exchange, 404, "No object of a snapshot can have this name.");
    } else {
      switch (exchange.getRequestMethod()) {
        case "PUT" -> put(exchange, grant.get(), name);
        case "GET" -> get(exchange, grant.get(), name, true);
        case "HEAD" -> get(exchange, grant.get(), name, false);
        default -> refuse(exchange, 405, "Allowed here: GET, HEAD, PUT.");
      }
    }
  }

  private Optional<Grant> grant(HttpExchange exchange) {
    String given =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    return given.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? grants.of(given.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  private static void put(HttpExchange exchange, Grant grant, String name) throws IOException {
    long length = length(exchange);
    if (grant.use() != Use.SAVE) {
      refuse(exchange, 403, "This token is for restoring.");
    } else if (length < 0) {
      refuse(exchange, 411, "Content-Length is missing.");
    } else if (!grant.takes(length)) {
      refuse(exchange, 413, "The snapshot is larger than this gateway allows.");
    } else {
      store(exchange, grant, name, length);
    }
  }

  private static void store(HttpExchange exchange, Grant grant, String name, long length)
      throws IOException {
    try {
      grant.folder().put(name, exchange.getRequestBody(), length);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=snapshot-not-stored reason={0}", e.toString());
      boolean full = String.valueOf(e.getMessage()).contains("No space left on device");
      refuse(
          exchange,
          full ? 507 : 500,
          full ? "The gateway's volume is full." : "The gateway could not store it: " + e);
      return;
    }
    exchange.sendResponseHeaders(204, NO_BODY);
  }

  /** The announced length; negative where none is, as with chunks. */
  private static long length(HttpExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst("Content-Length");
    try {
      return given == null ? -1 : Long.parseLong(given);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static void get(HttpExchange exchange, Grant grant, String name, boolean withBody)
      throws IOException {
    Optional<Path> file = grant.folder().find(name);
    if (file.isEmpty()) {
      refuse(exchange, 404, "The snapshot has no " + name + ".");
      return;
    }
    long size = Files.size(file.get());
    if (!withBody) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(size));
      exchange.sendResponseHeaders(200, NO_BODY);
      return;
    }
    exchange.sendResponseHeaders(200, size == 0 ? NO_BODY : size);
    try (OutputStream out = exchange.getResponseBody()) {
      Files.copy(file.get(), out);
    }
  }

  private static void refuse(HttpExchange exchange, int status, String sentence)
      throws IOException {
    byte[] text = sentence.getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, head ? NO_BODY : text.length);
    if (!head) {
      exchange.getResponseBody().write(text);
      // Before the exchange is closed, which waits for a body that may still be on its way.
      exchange.getResponseBody().flush();
    }
  }

  @Override
  public void close() {
    server.stop((int) STOP.toSeconds());
    threads.shutdown();
  }
}
