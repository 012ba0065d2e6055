// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.swagger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.gateway.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The API's own description, without a token. It is written once, as JSON; the YAML is made of it.
 * Made when it is asked for: few ask, and every start would pay.
 */
public final class SwaggerRoutes {

  private final String version;
  private final String basePath;

  /**
   * Describes one gateway.
   *
   * @param basePath what its paths begin with
   */
  public SwaggerRoutes(String version, String basePath) {
    this.version = version;
    this.basePath = basePath;
  }

  public List<Route> routes() {
    return List.of(
        Route.open("/api/swagger.json", call -> HttpResponse.json(200, Json.bytes(document()))),
        Route.open(
            "/api/swagger.yaml",
            call -> HttpResponse.text(200, "text/x-yaml", Yaml.of(document()))));
  }

  private JsonNode document() {
    JsonNode document = Json.parsed(resource()).orElseThrow();
    ((ObjectNode) document).put("basePath", basePath + "/");
    ((ObjectNode) document.path("info")).put("version", version);
    return document;
  }

  private static String resource() {
    try (InputStream in = SwaggerRoutes.class.getResourceAsStream("swagger.json")) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks swagger.json");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
