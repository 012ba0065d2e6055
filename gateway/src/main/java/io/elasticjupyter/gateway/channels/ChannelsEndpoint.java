// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.channels;

import io.elasticjupyter.gateway.config.ChannelsConfig;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpRequest;
import io.elasticjupyter.gateway.http.ProtocolSwitch;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.gateway.metrics.GatewayMetrics;
import io.elasticjupyter.gateway.websocket.Handshake;
import io.elasticjupyter.gateway.websocket.InboundBudget;
import io.elasticjupyter.gateway.websocket.WriteBuffers;
import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.Kernels;
import io.elasticjupyter.wire.websocket.Framing;
import io.elasticjupyter.wire.websocket.LegacyFraming;
import io.elasticjupyter.wire.websocket.V1Framing;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Opens websockets to kernels. The answer is 101 at once, also while the kernel is still starting:
 * what the client sends meanwhile is held for it. The exception is an {@link ImpatientClient}.
 */
public final class ChannelsEndpoint {

  /** How many ping intervals a client may be silent. */
  static final int INTERVALS_UNTIL_DEAD = 3;

  /** The header field in which a replica says who it is. */
  public static final String REPLICA = "X-Elastic-Jupyter-Replica";

  private static final int LONGEST_SESSION_ID = 256;

  private final Kernels kernels;
  private final ChannelsConfig config;
  private final GatewayMetrics metrics;
  private final OpenSockets open;
  private final WriteBuffers buffers = new WriteBuffers();
  private final InboundBudget budget;

  public ChannelsEndpoint(
      Kernels kernels,
      ChannelsConfig config,
      GatewayMetrics metrics,
      OpenSockets open,
      InboundBudget budget) {
    this.kernels = kernels;
    this.config = config;
    this.metrics = metrics;
    this.open = open;
    this.budget = budget;
  }

  /** The route. */
  public Route route() {
    return Route.of("/api/kernels/{kernel_id}/channels", Map.of("GET", this::open));
  }

  private ProtocolSwitch open(Route.Call call) throws ApiFailure {
    HttpRequest request = call.request();
    String id = call.parameter("kernel_id");
    Kernel kernel =
        KernelId.parse(id)
            .flatMap(kernels::find)
            .orElseThrow(
                () -> ApiFailure.of(FailureCode.KERNEL_UNKNOWN, "Kernel does not exist: " + id));
    Handshake.check(request);
    Optional<String> session = request.queryValue("session_id").filter(name -> !name.isEmpty());
    if (session.filter(name -> name.length() > LONGEST_SESSION_ID).isPresent()) {
      throw ApiFailure.of(
          FailureCode.MALFORMED_REQUEST,
          "session_id is longer than " + LONGEST_SESSION_ID + " characters.");
    }
    if (ImpatientClient.isIt(request)) {
      ImpatientClient.awaitStart(kernel);
    }
    Optional<String> via = request.headers().first(REPLICA);
    List<String> offered = request.headers().list("Sec-WebSocket-Protocol");
    Framing framing = Framing.negotiate(offered);
    Optional<String> chosen =
        switch (framing) {
          case V1Framing _ -> Optional.of(V1Framing.SUBPROTOCOL);
          case LegacyFraming _ -> Optional.empty();
        };
    return new ProtocolSwitch(
        Handshake.answer(request, chosen),
        config.pingInterval().multipliedBy(INTERVALS_UNTIL_DEAD),
        stream ->
            new KernelSocket(
                    kernel, session, via, framing, stream, config, metrics, buffers, budget)
                .run(open));
  }
}
