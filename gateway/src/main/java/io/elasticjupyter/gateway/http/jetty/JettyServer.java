// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http.jetty;

import io.elasticjupyter.gateway.config.HttpLimitsConfig;
import io.elasticjupyter.gateway.config.ListenConfig;
import io.elasticjupyter.gateway.config.TlsConfig;
import io.elasticjupyter.gateway.http.HttpHandler;
import io.elasticjupyter.gateway.http.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * HTTP/1.1 by Jetty's core server. One acceptor and one selector thread; whatever may block runs on
 * virtual threads. Deadlines for heads and bodies are ours, because Jetty's idle timeout starts
 * again with every byte that drips in.
 */
public final class JettyServer implements HttpServer {

  private static final System.Logger LOG = System.getLogger(JettyServer.class.getName());
  private static final int PLATFORM_THREADS = 16;

  private final Server server;
  private final ServerConnector connector;
  private final HeadDeadlines deadlines;

  private JettyServer(Server server, ServerConnector connector, HeadDeadlines deadlines) {
    this.server = server;
    this.connector = connector;
    this.deadlines = deadlines;
  }

  /**
   * Starts to listen.
   *
   * @throws IOException where no port could be bound or the TLS files cannot be used
   */
  public static JettyServer start(
      ListenConfig listen, Optional<TlsConfig> tls, HttpLimitsConfig limits, HttpHandler handler)
      throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(PLATFORM_THREADS, 2);
    threads.setName("http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory()));
    Server server = new Server(threads);
    HeadDeadlines deadlines = new HeadDeadlines(limits.requestTimeout(), limits.idleTimeout());
    ServerConnector connector = new ServerConnector(server, 1, 1, factories(listen, tls, limits));
    connector.setHost(listen.address());
    connector.setIdleTimeout(limits.idleTimeout().toMillis());
    // What waits for a restarted gateway must not be refused: many clients come back at once.
    connector.setAcceptQueueSize(1024);
    connector.addBean(deadlines);
    connector.addBean(new NetworkConnectionLimit(limits.maxConnections(), connector));
    server.addConnector(connector);
    server.setHandler(new JettyHandler(handler, limits, deadlines));
    server.setErrorHandler(new JsonErrors());
    server.setStopAtShutdown(false);
    JettyServer started = new JettyServer(server, connector, deadlines);
    started.bind(listen);
    return started;
  }

  private static ConnectionFactory[] factories(
      ListenConfig listen, Optional<TlsConfig> tls, HttpLimitsConfig limits) throws IOException {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendXPoweredBy(false);
    configuration.setRequestHeaderSize(limits.maxHeaderBytes());
    configuration.setUriCompliance(UriCompliance.DEFAULT);
    configuration.setIdleTimeout(limits.idleTimeout().toMillis());
    if (listen.trustForwardedHeaders()) {
      configuration.addCustomizer(new ForwardedRequestCustomizer());
    }
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    if (tls.isEmpty()) {
      return new ConnectionFactory[] {http};
    }
    // No check of the name that the client asked for: probes come by IP address.
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    return new ConnectionFactory[] {
      new SslConnectionFactory(TlsContext.of(tls.get()), http.getProtocol()), http
    };
  }

  private void bind(ListenConfig listen) throws IOException {
    int last = listen.port() == 0 ? 0 : Math.min(65_535, listen.port() + listen.portRetries());
    for (int port = listen.port(); ; port++) {
      connector.setPort(port);
      try {
        connector.open();
        break;
      } catch (IOException e) {
        if (port >= last || !isTaken(e)) {
          throw new IOException(
              "cannot listen on " + listen.address() + ":" + listen.port() + ": " + e.getMessage(),
              e);
        }
        LOG.log(
            System.Logger.Level.INFO, "port is taken, trying the next: port={0,number,#}", port);
      }
    }
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      connector.close();
      throw e;
    } catch (Exception e) {
      connector.close();
      throw new IOException("HTTP server did not start", e);
    }
  }

  private static boolean isTaken(IOException e) {
    return e instanceof BindException || e.getCause() instanceof BindException;
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void drain() {
    // Closing the listening socket alone: connections go on.
    connector.close();
  }

  @Override
  public void close() {
    deadlines.close();
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException("HTTP server did not stop", e);
    }
  }
}
