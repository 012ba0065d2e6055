// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelspecs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.elasticjupyter.wire.kernelspec.KernelSpecResources;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A kernelspec as clients read it. */
final class KernelSpecJson {

  private KernelSpecJson() {}

  /**
   * The model of one kernelspec.
   *
   * @param basePath what resource URLs begin with
   */
  static ObjectNode model(KernelSpec spec, String basePath) {
    ObjectNode document = Json.object();
    spec.argv().forEach(document.putArray("argv")::add);
    ObjectNode env = document.putObject("env");
    new TreeMap<>(spec.env()).forEach(env::put);
    document.put("display_name", spec.displayName());
    document.put("language", spec.language());
    document.put("interrupt_mode", spec.interruptMode().name().toLowerCase(Locale.ROOT));
    JsonNode metadata = spec.document().get("metadata");
    document.set("metadata", metadata instanceof ObjectNode object ? object : Json.object());
    // What else a kernel.json says is told as well: protocol versions, other tools' fields.
    for (Map.Entry<String, JsonNode> field : spec.document().properties()) {
      if (!document.has(field.getKey())) {
        document.set(field.getKey(), field.getValue());
      }
    }
    ObjectNode model = Json.object();
    model.put("name", spec.name());
    model.set("spec", document);
    ObjectNode resources = model.putObject("resources");
    KernelSpecResources.list(spec)
        .forEach((key, file) ->
            resources.put(
                key, basePath + "/kernelspecs/" + escaped(spec.name()) + "/" + escaped(file)));
    return model;
  }

  private static String escaped(String step) {
    return URLEncoder.encode(step, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
