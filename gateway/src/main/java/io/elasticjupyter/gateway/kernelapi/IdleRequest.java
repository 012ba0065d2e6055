// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.kernels.idle.OwnIdleRule;
import java.util.Map;

/**
 * {@code idle} of a request for a kernel: {@code {"timeout": SECONDS, "action": …, "on_loss": …}}.
 * The same as the {@code KERNEL_IDLE_*} of its environment, by which it is kept with the kernel,
 * and stronger than those.
 */
final class IdleRequest {

  private static final Map<String, String> NAMES =
      Map.of(
          "timeout", OwnIdleRule.TIMEOUT,
          "action", OwnIdleRule.ACTION,
          "on_loss", OwnIdleRule.ON_LOSS);

  private IdleRequest() {}

  /** The environment of a request, with what its {@code idle} says. */
  static JsonNode environment(ObjectNode body) throws ApiFailure {
    JsonNode env = body.path("env");
    JsonNode idle = body.path("idle");
    if (idle.isMissingNode() || idle.isNull()) {
      return env;
    }
    if (!(idle instanceof ObjectNode fields)) {
      throw bad("idle must be a JSON object");
    }
    ObjectNode merged = Json.object();
    if (env instanceof ObjectNode given) {
      merged.setAll(given);
    } else if (!env.isMissingNode() && !env.isNull()) {
      return env;
    }
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      String name = NAMES.get(field.getKey());
      if (name == null) {
        throw bad("idle may have timeout, action and on_loss, not " + field.getKey());
      }
      if (!field.getValue().isTextual() && !field.getValue().isNumber()) {
        throw bad("idle." + field.getKey() + " must be a number or a string");
      }
      merged.put(name, field.getValue().asText());
    }
    return merged;
  }

  private static ApiFailure bad(String why) {
    return ApiFailure.of(FailureCode.MALFORMED_BODY, why);
  }
}
