// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.peers;

import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.replicas.Peers;
import io.elasticjupyter.kernels.replicas.Territory;
import io.elasticjupyter.kernels.store.KernelCopy;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What replicas ask of each other beside clients' requests: keep a copy of a kernel, take it. */
final class PeerRoutes {

  static final String PATH = "/peer/kernels/";

  /** Which replica asks, {@code NAME/INCARNATION}. */
  static final String SENDER = "X-Elastic-Jupyter-Replica";

  private final Territory territory;

  PeerRoutes(Territory territory) {
    this.territory = territory;
  }

  List<Route> routes() {
    return List.of(Route.of(PATH + "{kernel_id}", Map.of("PUT", this::give, "DELETE", this::drop)));
  }

  private HttpResponse give(Route.Call call) throws ApiFailure {
    String sender =
        call.request()
            .headers()
            .first(SENDER)
            .orElseThrow(
                () -> ApiFailure.of(FailureCode.MALFORMED_REQUEST, SENDER + " is missing."));
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
