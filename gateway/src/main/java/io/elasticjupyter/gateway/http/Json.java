// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.wire.json.PooledJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** JSON bodies of requests and responses. */
public final class Json {

  /** No body of the API is deeper than a handful; a deep one only costs. */
  private static final int MAX_DEPTH = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              PooledJson.factory()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static HttpResponse response(int status, JsonNode body) {
    return HttpResponse.json(status, bytes(body));
  }

  /** Any JSON value in a text, or empty where it holds none. */
  public static Optional<JsonNode> parsed(String text) {
    try {
      return Optional.of(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  /**
   * The object of a request's body; an empty body is an empty object, as for the peers.
   *
   * @throws ApiFailure 400 for what is not one JSON object
   */
  public static ObjectNode objectOf(byte[] body) throws ApiFailure {
    if (body.length == 0) {
      return object();
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(body);
    } catch (IOException e) {
      // The parser's own message quotes the body, which may hold secrets: it is not passed on.
      throw ApiFailure.of(FailureCode.MALFORMED_BODY, "Invalid JSON in body of request");
    }
    if (node.isMissingNode()) {
      return object();
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw ApiFailure.of(FailureCode.MALFORMED_BODY, "The body must be a JSON object");
  }
}
