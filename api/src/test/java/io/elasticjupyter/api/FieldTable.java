// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** One resource's part of the page that explains every field, from its schema. */
final class FieldTable {

  private final JsonNode definition;
  private final List<String> refusals = new ArrayList<>();

  FieldTable(JsonNode definition) {
    this.definition = definition;
  }

  String markdown() {
    JsonNode names = definition.at("/spec/names");
    JsonNode schema = definition.at("/spec/versions/0/schema/openAPIV3Schema/properties");
    StringBuilder text = new StringBuilder();
    text.append("## %s\n\n".formatted(names.path("kind").asText()));
    text.append("`kubectl get %s`\n\n".formatted(names.at("/shortNames/0").asText()));
    text.append("| field | is | by default | |\n|---|---|---|---|\n");
    rows("spec", schema.path("spec"), text);
    if (!refusals.isEmpty()) {
      text.append("\nRefused with these words:\n\n");
      refusals.forEach(each -> text.append("- ").append(each).append('\n'));
    }
    List<String> status = new ArrayList<>();
    schema.at("/status/properties").fieldNames().forEachRemaining(status::add);
    if (!status.isEmpty()) {
      text.append("\nIts status has ")
          .append(status.stream().map("`%s`"::formatted).collect(Collectors.joining(", ")))
          .append(".\n");
    }
    return text.toString();
  }

  private void rows(String path, JsonNode schema, StringBuilder text) {
    for (JsonNode rule : schema.path("x-kubernetes-validations")) {
      refusals.add(rule.path("message").asText());
    }
    Map<String, JsonNode> fields = new TreeMap<>();
    schema
        .path("properties")
        .properties()
        .forEach(each -> fields.put(each.getKey(), each.getValue()));
    fields.forEach((name, field) -> row(path + "." + name, field, text));
  }

  private void row(String path, JsonNode field, StringBuilder text) {
    boolean hasFields = field.path("properties").size() > 0;
    text.append(
        "| `%s` | %s | %s | %s |\n"
            .formatted(
                path,
                type(field),
                hasFields ? "" : plain(field.path("default")),
                field.path("description").asText().replace("|", "\\|")));
    rows(path, field, text);
  }

  private static String type(JsonNode field) {
    JsonNode choices = field.path("enum");
    if (!choices.isEmpty()) {
      return StreamSupport.stream(choices.spliterator(), false)
          .map(JsonNode::asText)
          .collect(Collectors.joining(", "));
    }
    String type = field.path("type").asText();
    return switch (type) {
      case "array" -> "list of " + type(field.path("items"));
      case "integer" -> "integer" + bounds(field);
      default -> type;
    };
  }

  private static String bounds(JsonNode field) {
    String least = field.has("minimum") ? "%,d".formatted(field.path("minimum").asLong()) : "";
    String most = field.has("maximum") ? "%,d".formatted(field.path("maximum").asLong()) : "";
    if (least.isEmpty() && most.isEmpty()) {
      return "";
    }
    return most.isEmpty() ? ", at least " + least : ", " + least + " to " + most;
  }

  private static String plain(JsonNode value) {
    return value.isMissingNode() ? "" : "`" + value.asText() + "`";
  }
}
