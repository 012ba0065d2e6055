// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.kernelspec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.wire.json.PooledJson;
import io.elasticjupyter.wire.kernelspec.KernelSpec.InterruptMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads a kernel.json (jupyter_client documentation, "Kernel specs"). */
public final class KernelSpecReader {

  static final String FILE_NAME = "kernel.json";

  /** Far above any real one; a larger file is not read into memory. */
  private static final long LARGEST = 1024 * 1024;

  private static final JsonMapper MAPPER =
      PooledJson.mapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private KernelSpecReader() {}

  /** Reads the kernelspec in {@code directory}. */
  public static KernelSpec read(String name, Path directory) throws KernelSpecException {
    Path file = directory.resolve(FILE_NAME);
    try {
      if (Files.size(file) > LARGEST) {
        throw new KernelSpecException("is larger than " + LARGEST + " bytes");
      }
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
      if (!(json instanceof ObjectNode document)) {
        throw new KernelSpecException("is no JSON object");
      }
      return of(name, directory, document);
    } catch (JsonProcessingException e) {
      throw new KernelSpecException("is not JSON: line " + e.getLocation().getLineNr());
    } catch (IOException e) {
      throw new KernelSpecException("cannot be read: " + e.getClass().getSimpleName());
    }
  }

  /** The kernelspec that {@code document} describes. */
  public static KernelSpec of(String name, Path directory, ObjectNode document)
      throws KernelSpecException {
    return new KernelSpec(
        name,
        directory,
        argv(document),
        env(document),
        text(document, "display_name", name),
        text(document, "language", ""),
        interruptMode(document),
        document);
  }

  private static List<String> argv(ObjectNode document) throws KernelSpecException {
    JsonNode argv = document.path("argv");
    if (!argv.isArray() || argv.isEmpty()) {
      throw new KernelSpecException("has no command in its field argv");
    }
    List<String> words = new ArrayList<>();
    for (JsonNode word : argv) {
      if (!word.isTextual()) {
        throw new KernelSpecException("has something else than text in its field argv");
      }
      words.add(word.textValue());
    }
    return words;
  }

  private static Map<String, String> env(ObjectNode document) throws KernelSpecException {
    JsonNode env = document.path("env");
    if (env.isMissingNode() || env.isNull()) {
      return Map.of();
    }
    if (!env.isObject()) {
      throw new KernelSpecException("has no object in its field env");
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> variable : env.properties()) {
      if (!variable.getValue().isTextual()) {
        throw new KernelSpecException("has something else than text in its field env");
      }
      variables.put(variable.getKey(), variable.getValue().textValue());
    }
    return variables;
  }

  private static String text(ObjectNode document, String field, String absent)
      throws KernelSpecException {
    JsonNode value = document.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isTextual()) {
      throw new KernelSpecException("has no text in its field " + field);
    }
    return value.textValue();
  }

  private static InterruptMode interruptMode(ObjectNode document) throws KernelSpecException {
    return switch (text(document, "interrupt_mode", "signal").toLowerCase(Locale.ROOT)) {
      case "signal" -> InterruptMode.SIGNAL;
      case "message" -> InterruptMode.MESSAGE;
      default -> throw new KernelSpecException("has an unknown interrupt_mode");
    };
  }
}
