// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.elasticjupyter.wire.json.JsonException;
import io.elasticjupyter.wire.json.JsonScanner;
import java.util.Arrays;

/**
 * Checks of the JSON parts that clients send, the same for both framings. Kernels drop a message
 * with a broken part without a word, and its sender would wait for ever; here it is told.
 */
final class ClientParts {

  private static final byte[] EMPTY_OBJECT = "{}".getBytes(US_ASCII);
  private static final byte[] NULL = "null".getBytes(US_ASCII);

  private ClientParts() {}

  /** Passes a header on if it is a JSON object. */
  static byte[] header(byte[] json) throws FramingException {
    if (Arrays.equals(json, NULL)) {
      throw new FramingException.MissingHeader();
    }
    check("header", json);
    return json;
  }

  /** Passes a JSON object on; null, which some clients write for "none", becomes an empty one. */
  static byte[] objectOrNull(String part, byte[] json) throws FramingException {
    if (Arrays.equals(json, NULL)) {
      return EMPTY_OBJECT;
    }
    check(part, json);
    return json;
  }

  static byte[] emptyObject() {
    return EMPTY_OBJECT;
  }

  private static void check(String part, byte[] json) throws FramingException {
    try {
      requireObject(json);
    } catch (JsonException e) {
      throw new FramingException.InvalidJson(part, e);
    }
  }

  /** Makes sure that the bytes are one JSON object in UTF-8. */
  static void requireObject(byte[] json) throws JsonException {
    JsonScanner scanner = new JsonScanner(json);
    scanner.beginObject();
    while (scanner.nextField()) {
      scanner.skipValue();
    }
    scanner.expectEnd();
  }
}
