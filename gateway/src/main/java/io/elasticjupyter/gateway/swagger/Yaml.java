// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.swagger;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes JSON values as YAML in block style. */
final class Yaml {

  /** Keys that mean themselves without quotes. */
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z/$_][A-Za-z0-9/{}._$\\-]*");

  private Yaml() {}

  static String of(JsonNode document) {
    StringBuilder yaml = new StringBuilder();
    block(document, 0, yaml);
    return yaml.toString();
  }

  private static void block(JsonNode node, int indent, StringBuilder yaml) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        yaml.repeat(' ', indent).append(key(field.getKey())).append(':');
        value(field.getValue(), indent + 2, yaml);
      }
    } else {
      for (JsonNode element : node) {
        yaml.repeat(' ', indent).append('-');
        value(element, indent + 2, yaml);
      }
    }
  }

  private static void value(JsonNode node, int indent, StringBuilder yaml) {
    if (node.isContainerNode() && !node.isEmpty()) {
      yaml.append('\n');
      block(node, indent, yaml);
    } else {
      // A scalar's JSON, and that of an empty container, is YAML as it stands.
      yaml.append(' ').append(node).append('\n');
    }
  }

  private static String key(String key) {
    return PLAIN_KEY.matcher(key).matches() ? key : "\"" + key + "\"";
  }
}
