// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.peers;

import io.elasticjupyter.gateway.channels.ChannelsEndpoint;
import io.elasticjupyter.gateway.channels.OpenSockets;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.replicas.Peers;
import io.elasticjupyter.kernels.replicas.Territory;
import io.elasticjupyter.kernels.store.KernelCopy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What replicas ask of each other beside clients' requests: keep a copy of a kernel, take it. */
final class PeerRoutes {

  static final String PATH = "/peer/kernels/";

  /** The websockets that the asking replica sends on. */
  static final String WEBSOCKETS = "/peer/websockets";

  /** Which replica asks, {@code NAME/INCARNATION}. */
  static final String SENDER = ChannelsEndpoint.REPLICA;

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private final Territory territory;
  private final OpenSockets sockets;

  PeerRoutes(Territory territory, OpenSockets sockets) {
    this.territory = territory;
    this.sockets = sockets;
  }

  List<Route> routes() {
    return List.of(
        Route.of(PATH + "{kernel_id}", Map.of("PUT", this::give, "DELETE", this::drop)),
        Route.of(WEBSOCKETS, Map.of("DELETE", this::endWebsockets)));
  }

  private HttpResponse endWebsockets(Route.Call call) throws ApiFailure {
    try {
      sockets.stopThoseVia(sender(call), CLOSE_PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return HttpResponse.empty(204);
  }

  private static String sender(Route.Call call) throws ApiFailure {
    return call.request()
        .headers()
        .first(SENDER)
        .orElseThrow(() -> ApiFailure.of(FailureCode.MALFORMED_REQUEST, SENDER + " is missing."));
  }

  private HttpResponse give(Route.Call call) throws ApiFailure {
    String sender = sender(call);
    byte[] body = call.request().body().read();
    try {
      Peers.Answer answer = territory.given(sender, kernel(call), KernelCopy.read(body));
      return HttpResponse.text(200, "text/plain", answer.name());
    } catch (IOException e) {
      throw ApiFailure.of(FailureCode.MALFORMED_BODY, String.valueOf(e.getMessage()));
    }
  }

  private HttpResponse drop(Route.Call call) throws ApiFailure {
    territory.dropped(kernel(call));
    return HttpResponse.empty(204);
  }

  private static KernelId kernel(Route.Call call) throws ApiFailure {
    String id = call.parameter("kernel_id");
    return KernelId.parse(id)
        .orElseThrow(() -> ApiFailure.of(FailureCode.KERNEL_UNKNOWN, "No kernel's id: " + id));
  }
}
