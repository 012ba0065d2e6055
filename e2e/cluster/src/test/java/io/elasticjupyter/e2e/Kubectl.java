// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The administrator's program, at the cluster that the build started or was told of. */
record Kubectl(Path kubeconfig, String namespace) {

  private static final String PROGRAM = System.getProperty("elastic.kubectl", "kubectl");

  /** At the cluster of this build; {@code -Delastic.kubeconfig=FILE} names another. */
  static Kubectl in(String namespace) {
    String named = System.getProperty("elastic.kubeconfig", "");
    assertThat(named)
        .as("these tests need -Delastic.kubeconfig=FILE, which ./mvnw verify sets by itself")
        .isNotEmpty();
    return new Kubectl(Path.of(named), namespace);
  }

  /** What a call ended with and said, standard output and error together. */
  record Said(int code, String text) {

    void orFail() {
      assertThat(code).as(text).isZero();
    }
  }

  /** Runs it in the namespace, which must succeed, and answers what it said. */
  String run(String... arguments) {
    Said said = attempt("", arguments);
    assertThat(said.code()).as("kubectl %s: %s", List.of(arguments), said.text()).isZero();
    return said.text();
  }

  /** Applies a manifest, which may be refused. */
  Said apply(String manifest) {
    return attempt(manifest, "apply", "-f", "-");
  }

  /** An object as the API server has it; a missing node where there is none. */
  JsonNode get(String kindAndName) {
    Said said = attempt("", "get", kindAndName, "-o", "json", "--ignore-not-found");
    assertThat(said.code()).as("kubectl get %s: %s", kindAndName, said.text()).isZero();
    return said.text().isBlank() ? MissingNode.getInstance() : json(said.text());
  }

  /** The objects of a kind. */
  JsonNode list(String kind, String... options) {
    List<String> arguments = new ArrayList<>(List.of("get", kind, "-o", "json"));
    arguments.addAll(List.of(options));
    return json(run(arguments.toArray(String[]::new))).path("items");
  }

  Said attempt(String input, String... arguments) {
    return ShortCall.run(command(arguments), input);
  }

  List<String> command(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(PROGRAM, "--kubeconfig", kubeconfig.toString(), "--namespace", namespace));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The objects that a call printed one after the other. */
  static List<JsonNode> objects(String text) {
    try (MappingIterator<JsonNode> each = Rest.JSON.readerFor(JsonNode.class).readValues(text)) {
      return each.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return Rest.JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }
}
