// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The CRDs in {@code deploy/crds} are what the types say. {@code ./mvnw -pl api test
 * -Dcrds.write=true} writes them anew.
 */
final class CustomResourceDefinitionsTest {

  private static final Path COMMITTED = Path.of(System.getProperty("elastic.root"), "deploy/crds");

  private static final List<GeneratedDefinition> DEFINITIONS =
      Stream.of(
              JupyterNotebook.class,
              JupyterGateway.class,
              JupyterKernelSpec.class,
              JupyterKernelTemplate.class,
              JupyterKernel.class)
          .map(GeneratedDefinition::new)
          .toList();

  @Test
  void theCommittedDefinitionsAreThoseOfTheTypes(@TempDir Path scratch) throws IOException {
    for (GeneratedDefinition each : DEFINITIONS) {
      Path committed = COMMITTED.resolve(each.fileName());
      String yaml = each.yaml(scratch);
      if (Boolean.getBoolean("crds.write")) {
        Files.writeString(committed, yaml);
      }

      assertThat(committed).hasContent(yaml);
    }
  }

  @Test
  void noDefinitionIsCommittedThatHasNoType() throws IOException {
    try (Stream<Path> files = Files.list(COMMITTED)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              DEFINITIONS.stream().map(GeneratedDefinition::fileName).toList());
    }
  }
}
