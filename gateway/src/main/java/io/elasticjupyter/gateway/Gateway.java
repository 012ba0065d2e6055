// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import io.elasticjupyter.gateway.auth.CertificateName;
import io.elasticjupyter.gateway.auth.TokenAuth;
import io.elasticjupyter.gateway.config.GatewayConfig;
import io.elasticjupyter.gateway.config.TlsConfig;
import io.elasticjupyter.gateway.cors.Cors;
import io.elasticjupyter.gateway.http.HttpServer;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.gateway.http.Router;
import io.elasticjupyter.gateway.http.jetty.JettyServer;
import io.elasticjupyter.kernels.Kernels;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The gateway, wired together and listening. */
public final class Gateway implements AutoCloseable {

  private final HttpServer server;

  private Gateway(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts to listen; requests are answered when this returns.
   *
   * @throws IOException where no port could be bound, or a file that the settings name cannot be
   *     read
   */
  public static Gateway start(GatewayConfig config, Kernels kernels) throws IOException {
    String version = ApiVersion.read();
    Route api =
        Route.of(
            "/api",
            Map.of("GET", call -> Json.response(200, Json.object().put("version", version))));
    FrontDoor door =
        new FrontDoor(
            new Router(config.listen().basePath(), List.of(api)),
            new TokenAuth(config.auth()),
            new CertificateName(config.tls().flatMap(TlsConfig::authorizedOrigin)),
            new Cors(config.cors()),
            (route, method, status, took) -> {});
    return new Gateway(JettyServer.start(config.listen(), config.tls(), config.limits(), door));
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** Stops listening and ends every connection; kernels go on. Idempotent. */
  @Override
  public void close() {
    server.close();
  }
}
