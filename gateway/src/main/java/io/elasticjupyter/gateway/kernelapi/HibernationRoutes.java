// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.gateway.kernelspecs.OfferedKernelSpecs;
import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.KernelModel;
import io.elasticjupyter.kernels.Kernels;
import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * {@code POST /api/kernels/{id}/hibernate} and {@code /wake}: what the idle rule does, by hand; and
 * {@code /move}, which wakes a kernel with another kernelspec.
 */
public final class HibernationRoutes {

  private final Kernels kernels;
  private final OfferedKernelSpecs specs;

  public HibernationRoutes(Kernels kernels, OfferedKernelSpecs specs) {
    this.kernels = kernels;
    this.specs = specs;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("/api/kernels/{kernel_id}/hibernate", Map.of("POST", this::hibernate)),
        Route.of("/api/kernels/{kernel_id}/wake", Map.of("POST", this::wake)),
        Route.of("/api/kernels/{kernel_id}/move", Map.of("POST", this::move)));
  }

  /** Answers when the kernel sleeps, with its model; 409 where it is in use. */
  private HttpResponse hibernate(Route.Call call) throws ApiFailure {
    Kernel kernel = kernel(call);
    requireSlept(outcome(kernel.hibernate()));
    return Json.response(200, KernelJson.model(kernel.model()));
  }

  /** Answers when the kernel begins to wake as the kernelspec {@code name} of the body says. */
  private HttpResponse move(Route.Call call) throws ApiFailure {
    Kernel kernel = kernel(call);
    JsonNode name = Json.objectOf(call.request().body().read()).path("name");
    if (!name.isTextual()) {
      throw ApiFailure.of(
          FailureCode.MALFORMED_BODY,
          "The body must be {\"name\": KERNELSPEC}: what the kernel is to move to.");
    }
    KernelModel model = kernel.model();
    KernelSpec target =
        specs.find(name.asText(), Optional.of(model.username()).filter(user -> !user.isEmpty()));
    requireSlept(outcome(kernel.move(target)));
    return Json.response(202, KernelJson.model(kernel.model()));
  }

  private static void requireSlept(HibernationOutcome outcome) throws ApiFailure {
    switch (outcome) {
      case HibernationOutcome.Hibernated _ -> {}
      case HibernationOutcome.Refused refused ->
          throw ApiFailure.of(FailureCode.KERNEL_IN_USE, refused.why());
      case HibernationOutcome.Unfit unfit ->
          throw ApiFailure.of(FailureCode.KERNELSPEC_UNFIT, unfit.why());
      case HibernationOutcome.Failed failed ->
          throw ApiFailure.of(FailureCode.HIBERNATION_FAILED, failed.why());
    }
  }

  private static HibernationOutcome outcome(CompletableFuture<HibernationOutcome> wished)
      throws ApiFailure {
    try {
      return wished.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiFailure.of(FailureCode.STOPPING, "The gateway is being stopped.");
    } catch (ExecutionException e) {
      throw new IllegalStateException("an outcome is never an exception", e);
    }
  }

  /** Answers when waking has begun. */
  private HttpResponse wake(Route.Call call) throws ApiFailure {
    Kernel kernel = kernel(call);
    try {
      kernel.wake();
    } catch (KernelFailure failure) {
      throw KernelFailures.translated(failure);
    }
    return Json.response(202, KernelJson.model(kernel.model()));
  }

  private Kernel kernel(Route.Call call) throws ApiFailure {
    String id = call.parameter("kernel_id");
    return KernelId.parse(id).flatMap(kernels::find).orElseThrow(() -> KernelFailures.unknown(id));
  }
}
