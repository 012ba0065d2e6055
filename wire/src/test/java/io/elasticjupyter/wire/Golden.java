// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/** The golden files: what jupyter_client and jupyter_server made (tools/golden/make-golden.py). */
public final class Golden {

  private static final JsonMapper MAPPER = new JsonMapper();

  private Golden() {}

  /** The cases of one file. */
  public static List<JsonNode> cases(String name) throws IOException {
    String path = "/golden/" + name + ".json";
    try (InputStream file = Objects.requireNonNull(Golden.class.getResourceAsStream(path), path)) {
      List<JsonNode> cases = new ArrayList<>();
      MAPPER.readTree(file).path("cases").forEach(cases::add);
      if (cases.isEmpty()) {
        throw new IOException("no cases in " + path);
      }
      return cases;
    }
  }

  /** The bytes of a field. */
  public static byte[] bytes(JsonNode node) {
    return Base64.getDecoder().decode(node.textValue());
  }

  /** The bytes of each element of an array. */
  public static List<byte[]> allBytes(JsonNode array) {
    List<byte[]> all = new ArrayList<>();
    array.forEach(node -> all.add(bytes(node)));
    return all;
  }
}
