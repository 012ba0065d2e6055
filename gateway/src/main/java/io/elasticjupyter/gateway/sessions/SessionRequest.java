// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import java.util.Optional;

/**
 * What a client wants of a session. The path may come in the older shape, {@code notebook.path}.
 */
record SessionRequest(
    Optional<String> path,
    Optional<String> name,
    Optional<String> type,
    Optional<String> kernelId,
    Optional<String> kernelName) {

  private static final int LONGEST = 4096;

  static SessionRequest of(ObjectNode body) throws ApiFailure {
    Optional<String> path = text(body, "path");
    if (path.isEmpty()) {
      path = text(object(body, "notebook"), "path");
    }
    Optional<String> name = text(body, "name");
    if (name.isEmpty()) {
      name = text(object(body, "notebook"), "name");
    }
    JsonNode kernel = object(body, "kernel");
    return new SessionRequest(
        path,
        name,
        text(body, "type"),
        text(kernel, "id").filter(value -> !value.isEmpty()),
        text(kernel, "name").filter(value -> !value.isEmpty()));
  }

  /** The same, with all that a new session needs. */
  static SessionRequest ofNew(ObjectNode body) throws ApiFailure {
    SessionRequest request = of(body);
    if (request.path().isEmpty()) {
      throw bad("Missing field in JSON data: path");
    }
    if (request.type().isEmpty()) {
      // The older shape has no type; it was always a notebook.
      if (body.has("notebook")) {
        return new SessionRequest(
            request.path(),
            request.name(),
            Optional.of("notebook"),
            request.kernelId(),
            request.kernelName());
      }
      throw bad("Missing field in JSON data: type");
    }
    return request;
  }

  private static JsonNode object(ObjectNode body, String field) throws ApiFailure {
    JsonNode node = body.path(field);
    if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
      throw bad(field + " must be a JSON object");
    }
    return node;
  }

  private static Optional<String> text(JsonNode node, String field) throws ApiFailure {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw bad(field + " must be a string");
    }
    if (value.textValue().length() > LONGEST) {
      throw bad(field + " is longer than " + LONGEST + " characters");
    }
    return Optional.of(value.textValue());
  }

  private static ApiFailure bad(String why) {
    return ApiFailure.of(FailureCode.MALFORMED_BODY, why);
  }
}
