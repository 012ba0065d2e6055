// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.peers;

import io.elasticjupyter.gateway.channels.OpenSockets;
import io.elasticjupyter.gateway.config.HttpLimitsConfig;
import io.elasticjupyter.gateway.http.HttpServer;
import io.elasticjupyter.gateway.http.Router;
import io.elasticjupyter.gateway.http.jetty.JettyServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Where the other replicas are served. */
public final class PeerServer {

  /** A piece of a kernel's copy has a batch of its log and all that is held for it. */
  private static final int LARGEST_PIECE = 64 << 20;

  private static final HttpLimitsConfig LIMITS =
      new HttpLimitsConfig(
          LARGEST_PIECE, 32 << 10, Duration.ofSeconds(20), Duration.ofMinutes(5), 10_000);

  private PeerServer() {}

  /**
   * Starts to listen.
   *
   * @param clients what replicas send on for clients
   * @param sockets those that are open here
   */
  public static HttpServer start(PeerSettings settings, Router clients, OpenSockets sockets)
      throws IOException {
    Router own = new Router("", new PeerRoutes(settings.territory(), sockets).routes());
    return JettyServer.start(
        settings.listen(), Optional.empty(), LIMITS, new PeerDoor(own, clients, settings.secret()));
  }
}
