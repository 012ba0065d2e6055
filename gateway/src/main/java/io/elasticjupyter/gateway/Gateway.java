// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.gateway.auth.CertificateName;
import io.elasticjupyter.gateway.auth.TokenAuth;
import io.elasticjupyter.gateway.channels.ChannelsEndpoint;
import io.elasticjupyter.gateway.channels.OpenSockets;
import io.elasticjupyter.gateway.config.GatewayConfig;
import io.elasticjupyter.gateway.config.TlsConfig;
import io.elasticjupyter.gateway.cors.Cors;
import io.elasticjupyter.gateway.http.HttpServer;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.gateway.http.Router;
import io.elasticjupyter.gateway.http.jetty.JettyServer;
import io.elasticjupyter.gateway.kernelapi.HibernationRoutes;
import io.elasticjupyter.gateway.kernelapi.KernelRoutes;
import io.elasticjupyter.gateway.kernelapi.KernelStarter;
import io.elasticjupyter.gateway.kernelapi.Redaction;
import io.elasticjupyter.gateway.kernelspecs.KernelSpecRoutes;
import io.elasticjupyter.gateway.kernelspecs.OfferedKernelSpecs;
import io.elasticjupyter.gateway.metrics.GatewayMetrics;
import io.elasticjupyter.gateway.metrics.Meters;
import io.elasticjupyter.gateway.peers.Forwarding;
import io.elasticjupyter.gateway.peers.KernelsElsewhere;
import io.elasticjupyter.gateway.peers.PeerServer;
import io.elasticjupyter.gateway.peers.PeerSettings;
import io.elasticjupyter.gateway.service.ServiceRoutes;
import io.elasticjupyter.gateway.sessions.SessionFile;
import io.elasticjupyter.gateway.sessions.SessionRoutes;
import io.elasticjupyter.gateway.sessions.SessionStore;
import io.elasticjupyter.gateway.sessions.Sessions;
import io.elasticjupyter.gateway.swagger.SwaggerRoutes;
import io.elasticjupyter.gateway.websocket.InboundBudget;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.Kernels;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The gateway, wired together and listening. */
public final class Gateway implements AutoCloseable {

  /** How long clients have to take the news that the gateway goes down. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  /** The share of the heap that large messages in the making may have together. */
  private static final int INBOUND_SHARE = 2;

  private final HttpServer server;
  private final OpenSockets sockets;
  private final Optional<HttpServer> peerServer;
  private final Optional<Forwarding> forwarding;

  private Gateway(
      HttpServer server,
      OpenSockets sockets,
      Optional<HttpServer> peerServer,
      Optional<Forwarding> forwarding) {
    this.server = server;
    this.sockets = sockets;
    this.peerServer = peerServer;
    this.forwarding = forwarding;
  }

  /**
   * Starts to listen; requests are answered when this returns.
   *
   * @param kernelSpecs what is installed now, by name; asked at every request
   * @param clock the time of what is told about the gateway itself
   * @param meters what {@code /metrics} shows; the kernels count in them as well
   * @throws IOException where no port could be bound, or a file that the settings name cannot be
   *     used
   */
  public static Gateway start(
      GatewayConfig config,
      Kernels kernels,
      Supplier<Map<String, KernelSpec>> kernelSpecs,
      InstantSource clock,
      Meters meters)
      throws IOException {
    return start(config, kernels, kernelSpecs, clock, meters, Optional.empty());
  }

  /**
   * The same as one of several.
   *
   * @param peers the others; empty where there can be none
   */
  public static Gateway start(
      GatewayConfig config,
      Kernels kernels,
      Supplier<Map<String, KernelSpec>> kernelSpecs,
      InstantSource clock,
      Meters meters,
      Optional<PeerSettings> peers)
      throws IOException {
    GatewayMetrics metrics = new GatewayMetrics(meters.registry(), kernels);
    OpenSockets sockets = new OpenSockets();
    Supplier<String> ids = () -> UUID.randomUUID().toString();
    OfferedKernelSpecs offered = new OfferedKernelSpecs(kernelSpecs, config.access());
    KernelStarter starter =
        new KernelStarter(
            kernels,
            offered,
            config.access(),
            config.environment(),
            new Redaction(config.redaction()),
            () -> new KernelId(ids.get()));
    SessionStore store =
        config.stateDirectory().isPresent()
            ? new SessionFile(config.stateDirectory().get())
            : SessionStore.none();
    String base = config.listen().basePath();
    boolean listing = config.access().listKernels();
    String version = ApiVersion.read();
    Optional<Forwarding> forwarding =
        peers.map(each ->
            new Forwarding(each.territory(), each.peers(), each.secret(), base + KernelRoutes.ALL));
    Supplier<List<JsonNode>> elsewhere =
        peers
            .<Supplier<List<JsonNode>>>map(each ->
                new KernelsElsewhere(forwarding.orElseThrow(), each.territory(), each.known()))
            .orElse(List::of);
    List<Route> routes = new ArrayList<>();
    routes.addAll(new HibernationRoutes(kernels, offered).routes());
    routes.add(
        new ChannelsEndpoint(
                kernels,
                config.channels(),
                metrics,
                sockets,
                new InboundBudget(Runtime.getRuntime().maxMemory() / INBOUND_SHARE))
            .route());
    routes.addAll(new KernelSpecRoutes(offered, base).routes());
    routes.addAll(
        new SessionRoutes(new Sessions(kernels, starter, store, ids), listing, base).routes());
    routes.addAll(
        new ServiceRoutes(version, kernels, clock.instant(), sockets::stopping, meters::scrape)
            .routes());
    routes.addAll(new SwaggerRoutes(version, base).routes());
    List<Route> ofClients = new ArrayList<>(routes);
    ofClients.addAll(new KernelRoutes(kernels, starter, listing, base, elsewhere).routes());
    FrontDoor door =
        new FrontDoor(
            new Router(base, ofClients),
            forwarding,
            new TokenAuth(config.auth(), clock),
            new CertificateName(config.tls().flatMap(TlsConfig::authorizedOrigin)),
            new Cors(config.cors()),
            metrics::request,
            new AuditLog(),
            sockets::stopping);
    Optional<HttpServer> peerServer = Optional.empty();
    if (peers.isPresent()) {
      // What is sent on from one replica is not sent on once more.
      routes.addAll(new KernelRoutes(kernels, starter, listing, base, List::of).routes());
      peerServer = Optional.of(PeerServer.start(peers.get(), new Router(base, routes), sockets));
    }
    return new Gateway(
        JettyServer.start(config.listen(), config.tls(), config.limits(), door),
        sockets,
        peerServer,
        forwarding);
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** Open websockets. */
  public int connections() {
    return sockets.count();
  }

  /**
   * Stops listening, tells every client to come back, and ends every connection; kernels go on.
   * Idempotent.
   */
  @Override
  public void close() {
    server.drain();
    try {
      sockets.stop(CLOSE_PATIENCE);
      if (forwarding.isPresent()) {
        forwarding.get().stop(CLOSE_PATIENCE);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    server.close();
    peerServer.ifPresent(HttpServer::close);
  }
}
