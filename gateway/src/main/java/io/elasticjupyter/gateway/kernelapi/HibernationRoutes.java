// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.Kernels;
import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** {@code POST /api/kernels/{id}/hibernate} and {@code /wake}: what the idle rule does, by hand. */
public final class HibernationRoutes {

  private final Kernels kernels;

  public HibernationRoutes(Kernels kernels) {
    this.kernels = kernels;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("/api/kernels/{kernel_id}/hibernate", Map.of("POST", this::hibernate)),
        Route.of("/api/kernels/{kernel_id}/wake", Map.of("POST", this::wake)));
  }

  /** Answers when the kernel sleeps, with its model; 409 where it is in use. */
  private HttpResponse hibernate(Route.Call call) throws ApiFailure {
    Kernel kernel = kernel(call);
    return switch (outcome(kernel)) {
      case HibernationOutcome.Hibernated _ -> Json.response(200, KernelJson.model(kernel.model()));
      case HibernationOutcome.Refused refused ->
          throw ApiFailure.of(FailureCode.KERNEL_IN_USE, refused.why());
      case HibernationOutcome.Failed failed ->
          throw ApiFailure.of(FailureCode.HIBERNATION_FAILED, failed.why());
    };
  }

  private static HibernationOutcome outcome(Kernel kernel) throws ApiFailure {
    try {
      return kernel.hibernate().get();
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
