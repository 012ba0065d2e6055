// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.gateway.kernelapi.Timestamp;
import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.kernels.KernelModel;
import io.elasticjupyter.kernels.Kernels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Version, status, identity, probes and metrics, and a clear no to what a gateway has not got. */
public final class ServiceRoutes {

  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final String version;
  private final Kernels kernels;
  private final Instant started;
  private final BooleanSupplier stopping;
  private final Supplier<String> metrics;

  /**
   * Tells of one gateway.
   *
   * @param started when it was
   * @param stopping whether it goes down
   * @param metrics all of them in Prometheus's text format
   */
  public ServiceRoutes(
      String version,
      Kernels kernels,
      Instant started,
      BooleanSupplier stopping,
      Supplier<String> metrics) {
    this.version = version;
    this.kernels = kernels;
    this.started = started;
    this.stopping = stopping;
    this.metrics = metrics;
  }

  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(Route.of("/api", Map.of("GET", this::version)));
    routes.add(Route.of("/api/", Map.of("GET", this::version)));
    routes.add(Route.of("/api/status", Map.of("GET", this::status)));
    routes.add(Route.of("/api/me", Map.of("GET", this::me)));
    routes.add(
        Route.of(
            "/metrics",
            Map.of("GET", call -> HttpResponse.text(200, METRICS_TYPE, metrics.get()))));
    routes.add(Route.open("/healthz", call -> probe("ok")));
    routes.add(Route.open("/readyz", this::ready));
    for (String absent : List.of("contents", "terminals")) {
      Route.Endpoint no = call -> notOffered(absent);
      Map<String, Route.Endpoint> methods =
          Map.of("GET", no, "POST", no, "PUT", no, "PATCH", no, "DELETE", no);
      routes.add(Route.of("/api/" + absent, methods));
      routes.add(Route.of("/api/" + absent + "/{path}", methods));
    }
    return routes;
  }

  private HttpResponse version(Route.Call call) {
    return Json.response(200, Json.object().put("version", version));
  }

  private HttpResponse status(Route.Call call) {
    Instant lastActivity = started;
    int connections = 0;
    List<Kernel> all = kernels.all();
    for (Kernel kernel : all) {
      KernelModel model = kernel.model();
      connections += model.connections();
      if (model.lastActivity().isAfter(lastActivity)) {
        lastActivity = model.lastActivity();
      }
    }
    ObjectNode body = Json.object();
    body.put("started", Timestamp.of(started));
    body.put("last_activity", Timestamp.of(lastActivity));
    body.put("connections", connections);
    body.put("kernels", all.size());
    return Json.response(200, body);
  }

  /** Whoever has the token is the same somebody; there are no accounts. */
  private HttpResponse me(Route.Call call) {
    ObjectNode body = Json.object();
    body.putObject("identity")
        .put("username", "anonymous")
        .put("name", "Anonymous")
        .put("display_name", "Anonymous")
        .put("initials", "A")
        .putNull("avatar_url")
        .putNull("color");
    body.putObject("permissions");
    return Json.response(200, body);
  }

  private HttpResponse ready(Route.Call call) throws ApiFailure {
    if (stopping.getAsBoolean()) {
      throw ApiFailure.of(FailureCode.STOPPING, "The gateway goes down.");
    }
    return probe("ready");
  }

  private static HttpResponse probe(String word) {
    return Json.response(200, Json.object().put("status", word));
  }

  private static HttpResponse notOffered(String what) throws ApiFailure {
    throw ApiFailure.of(
        FailureCode.NOT_OFFERED,
        "This is a kernel gateway: it has kernels, kernelspecs and sessions, but no "
            + what
            + ". Point a notebook server at it with --gateway-url to have both.");
  }
}
