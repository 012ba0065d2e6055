// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.kernelspec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.elasticjupyter.wire.Golden;
import io.elasticjupyter.wire.kernelspec.KernelSpec.InterruptMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CommandLineTest {

  private static final Path RESOURCES = Path.of("/spec");

  @Test
  void fillsCommandsInAsJupyterClientDoes() throws IOException {
    Map<String, String> values =
        Map.of("connection_file", "/run/kernel.json", "kernel_id", "id\\1$0");
    for (JsonNode golden : Golden.cases("commands")) {
      PythonEnvironment python =
          new PythonEnvironment(
              Path.of("/env/bin/python"),
              Path.of("/env"),
              OptionalInt.of(golden.path("minor").intValue()));
      List<String> argv = texts(golden.path("argv"));
      assertThat(CommandLine.arguments(spec(argv, Map.of()), values, Optional.of(python)))
          .containsExactlyElementsOf(texts(golden.path("filled")));
    }
  }

  @Test
  void fillsVariablesInAsJupyterClientDoes() throws IOException {
    for (JsonNode golden : Golden.cases("env-templates")) {
      Map<String, String> known = new HashMap<>();
      golden
          .path("known")
          .properties()
          .forEach(e -> known.put(e.getKey(), e.getValue().textValue()));
      String template = golden.path("template").textValue();
      assertThat(CommandLine.environment(spec(List.of("a"), Map.of("X", template)), known))
          .as(template)
          .isEqualTo(Map.of("X", golden.path("filled").textValue()));
    }
  }

  @Test
  void withoutAnEnvironmentThePythonOnThePathIsMeant() {
    KernelSpec spec = spec(List.of("python3", "{prefix}"), Map.of());
    assertThat(CommandLine.arguments(spec, Map.of(), Optional.empty()))
        .containsExactly("python3", "{prefix}");
  }

  @Test
  void valuesAreNotFilledInAgain() {
    KernelSpec spec =
        spec(List.of("a", "{kernel_id}{response_address}{public_key}{port_range}"), Map.of());
    Map<String, String> values =
        Map.of(
            CommandLine.KERNEL_ID, "{port_range}",
            CommandLine.RESPONSE_ADDRESS, "1.2.3.4:8877",
            CommandLine.PUBLIC_KEY, "k+/=",
            CommandLine.PORT_RANGE, "0..0");
    assertThat(CommandLine.arguments(spec, values, Optional.empty()))
        .containsExactly("a", "{port_range}1.2.3.4:8877k+/=0..0");
  }

  @Test
  void tellsWhichPlaceholdersACommandUses() {
    KernelSpec spec = spec(List.of("a", "--address={response_address}"), Map.of());
    assertThat(CommandLine.uses(spec, CommandLine.RESPONSE_ADDRESS)).isTrue();
    assertThat(CommandLine.uses(spec, CommandLine.CONNECTION_FILE)).isFalse();
  }

  private static KernelSpec spec(List<String> argv, Map<String, String> env) {
    return new KernelSpec(
        "x",
        RESOURCES,
        argv,
        env,
        "X",
        "",
        InterruptMode.SIGNAL,
        JsonNodeFactory.instance.objectNode());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.textValue()));
    return texts;
  }
}
