// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
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

  private static final Path PAGE =
      Path.of(System.getProperty("elastic.root"), "docs/run/resources.md");

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
  void thePageOfEveryFieldIsWhatTheDefinitionsSay(@TempDir Path scratch) throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # Resources

            Written by `./mvnw -pl api test -Dcrds.write=true` from the types. `kubectl explain jgw.spec` says the same.
            Group and version: `kubeflow.tkestack.io/v1alpha1`. Fields that a Pod template or resources have besides are those
            of Kubernetes.
            """);
    for (GeneratedDefinition each : DEFINITIONS) {
      page.append('\n')
          .append(new FieldTable(new YAMLMapper().readTree(each.yaml(scratch))).markdown());
    }
    if (Boolean.getBoolean("crds.write")) {
      Files.writeString(PAGE, page);
    }

    assertThat(PAGE).hasContent(page.toString());
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
