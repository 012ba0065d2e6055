// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelspecs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.elasticjupyter.wire.kernelspec.KernelSpecResources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code /api/kernelspecs} and {@code /kernelspecs}. */
public final class KernelSpecRoutes {

  private final OfferedKernelSpecs specs;
  private final String basePath;

  public KernelSpecRoutes(OfferedKernelSpecs specs, String basePath) {
    this.specs = specs;
    this.basePath = basePath;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("/api/kernelspecs", Map.of("GET", this::list)),
        Route.of("/api/kernelspecs/{kernel_name}", Map.of("GET", this::one)),
        Route.of(
            "/kernelspecs/{kernel_name}/{path}",
            Map.of("GET", this::resource, "HEAD", this::resource)));
  }

  private HttpResponse list(Route.Call call) {
    ObjectNode body = Json.object();
    body.put("default", specs.defaultName());
    ObjectNode models = body.putObject("kernelspecs");
    specs
        .of(user(call))
        .forEach((name, spec) -> models.set(name, KernelSpecJson.model(spec, basePath)));
    return Json.response(200, body);
  }

  private HttpResponse one(Route.Call call) throws ApiFailure {
    KernelSpec spec = specs.find(call.parameter("kernel_name"), user(call));
    return Json.response(200, KernelSpecJson.model(spec, basePath));
  }

  private HttpResponse resource(Route.Call call) throws ApiFailure {
    KernelSpec spec = specs.find(call.parameter("kernel_name"));
    String name = call.parameter("path");
    Path file = KernelSpecResources.resolve(spec, name).orElseThrow(() -> noSuchFile(name));
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw noSuchFile(name);
    }
    return HttpResponse.of(200, contentType(name), bytes)
        .with("X-Content-Type-Options", "nosniff")
        .with("Cache-Control", "private, max-age=60");
  }

  private static ApiFailure noSuchFile(String name) {
    return ApiFailure.of(FailureCode.NOT_FOUND, "Kernelspec resource not found: " + name);
  }

  private static Optional<String> user(Route.Call call) {
    return call.request().queryValue("user").filter(name -> !name.isEmpty());
  }

  private static String contentType(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (ending) {
      case "png" -> "image/png";
      case "svg" -> "image/svg+xml";
      case "jpg", "jpeg" -> "image/jpeg";
      case "gif" -> "image/gif";
      case "ico" -> "image/x-icon";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "json" -> "application/json";
      default -> "application/octet-stream";
    };
  }
}
