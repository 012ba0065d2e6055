// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.Kernels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /api/kernels} and what is below it, except the websockets. */
public final class KernelRoutes {

  /** The path of all kernels. */
  public static final String ALL = "/api/kernels";

  private final Kernels kernels;
  private final KernelStarter starter;
  private final boolean listing;
  private final String basePath;
  private final Supplier<List<JsonNode>> elsewhere;

  /**
   * Serves these kernels.
   *
   * @param listing whether the list of all kernels answers
   * @param basePath what Location begins with
   * @param elsewhere models of kernels that other replicas have
   */
  public KernelRoutes(
      Kernels kernels,
      KernelStarter starter,
      boolean listing,
      String basePath,
      Supplier<List<JsonNode>> elsewhere) {
    this.kernels = kernels;
    this.starter = starter;
    this.listing = listing;
    this.basePath = basePath;
    this.elsewhere = elsewhere;
  }

  public List<Route> routes() {
    return List.of(
        Route.of(ALL, Map.of("GET", this::list, "POST", this::start)),
        Route.of("/api/kernels/{kernel_id}", Map.of("GET", this::one, "DELETE", this::delete)),
        Route.of("/api/kernels/{kernel_id}/interrupt", Map.of("POST", this::interrupt)),
        Route.of("/api/kernels/{kernel_id}/restart", Map.of("POST", this::restart)));
  }

  private HttpResponse list(Route.Call call) throws ApiFailure {
    if (!listing) {
      throw ApiFailure.of(FailureCode.LISTING_DISABLED, "Forbidden");
    }
    ArrayNode models = JsonNodeFactory.instance.arrayNode();
    kernels.all().forEach(kernel -> models.add(KernelJson.model(kernel.model())));
    elsewhere.get().forEach(models::add);
    return Json.response(200, models);
  }

  private HttpResponse start(Route.Call call) throws ApiFailure {
    ObjectNode body = Json.objectOf(call.request().body().read());
    Kernel kernel = starter.start(name(body), IdleRequest.environment(body));
    return Json.response(201, KernelJson.model(kernel.model()))
        .with("Location", basePath + "/api/kernels/" + kernel.id());
  }

  private static Optional<String> name(ObjectNode body) throws ApiFailure {
    JsonNode name = body.path("name");
    if (name.isMissingNode() || name.isNull()) {
      return Optional.empty();
    }
    if (!name.isTextual()) {
      throw ApiFailure.of(FailureCode.MALFORMED_BODY, "name must be a string");
    }
    return Optional.of(name.textValue()).filter(text -> !text.isEmpty());
  }

  private HttpResponse one(Route.Call call) throws ApiFailure {
    return Json.response(200, KernelJson.model(kernel(call).model()));
  }

  private HttpResponse delete(Route.Call call) throws ApiFailure {
    String id = call.parameter("kernel_id");
    if (KernelId.parse(id).filter(kernels::delete).isEmpty()) {
      throw KernelFailures.unknown(id);
    }
    return HttpResponse.empty(204);
  }

  private HttpResponse interrupt(Route.Call call) throws ApiFailure {
    try {
      kernel(call).interrupt();
    } catch (KernelFailure failure) {
      throw KernelFailures.translated(failure);
    }
    return HttpResponse.empty(204);
  }

  private HttpResponse restart(Route.Call call) throws ApiFailure {
    Kernel kernel = kernel(call);
    try {
      kernel.restart();
    } catch (KernelFailure failure) {
      throw KernelFailures.translated(failure);
    }
    return Json.response(200, KernelJson.model(kernel.model()));
  }

  private Kernel kernel(Route.Call call) throws ApiFailure {
    String id = call.parameter("kernel_id");
    return KernelId.parse(id).flatMap(kernels::find).orElseThrow(() -> KernelFailures.unknown(id));
  }
}
