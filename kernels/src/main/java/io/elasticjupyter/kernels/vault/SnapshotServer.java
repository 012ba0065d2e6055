// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.elasticjupyter.kernels.hibernation.SnapshotFolder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The door for kernels that save and restore: {@code /snapshots/NAME}, by bearer token. What is
 * behind it is the token's: a folder, or links to an object store. One virtual thread per request.
 * A refusal is one sentence of plain text.
 */
public final class SnapshotServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(SnapshotServer.class.getName());

  private static final String ROOT = "/snapshots/";
  private static final String BEARER = "bearer ";
  private static final Duration STOP = Duration.ofSeconds(1);
  private static final int QUEUE = 256;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Grants grants;

  private SnapshotServer(HttpServer server, ExecutorService threads, Grants grants) {
    this.server = server;
    this.threads = threads;
    this.grants = grants;
  }

  /**
   * Begins to listen on loopback, or in a test, without TLS.
   *
   * @param address its port may be 0 for any
   */
  public static SnapshotServer start(InetSocketAddress address, Grants grants) throws IOException {
    return start(HttpServer.create(address, QUEUE), grants);
  }

  /**
   * Begins to listen; who speaks no TLS is not answered.
   *
   * @param address its port may be 0 for any
   */
  public static SnapshotServer start(InetSocketAddress address, Grants grants, VaultTls tls)
      throws IOException {
    HttpsServer server = HttpsServer.create(address, QUEUE);
    server.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
    return start(server, grants);
  }

  private static SnapshotServer start(HttpServer server, Grants grants) {
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("snapshots-", 0).factory());
    SnapshotServer started = new SnapshotServer(server, threads, grants);
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
    String path = exchange.getRequestURI().getPath();
    KernelRequest request =
        new KernelRequest(exchange, path.startsWith(ROOT) ? path.substring(ROOT.length()) : "");
    Optional<Granted> granted = granted(exchange);
    if (granted.isEmpty()) {
      request.refuse(401, "No token of a call that goes on.");
    } else if (!SnapshotFolder.isName(request.name())) {
      request.refuse(404, "No object of a snapshot can have this name.");
    } else {
      granted.get().answer(request);
    }
  }

  private Optional<Granted> granted(HttpExchange exchange) {
    String given =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    return given.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? grants.of(given.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  @Override
  public void close() {
    server.stop((int) STOP.toSeconds());
    threads.shutdown();
  }
}
