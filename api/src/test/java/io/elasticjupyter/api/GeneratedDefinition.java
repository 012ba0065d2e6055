// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The CRD of a type: what the generator makes of it, with the two things that it cannot say.
 * Columns are in the order of the annotations, and a spec is asked for where one is needed.
 */
final class GeneratedDefinition {

  private static final Set<Class<?>> WITHOUT_SPEC = Set.of(JupyterGateway.class);

  private final Class<? extends CustomResource<?, ?>> type;

  GeneratedDefinition(Class<? extends CustomResource<?, ?>> type) {
    this.type = type;
  }

  String fileName() {
    return CustomResource.getCRDName(type) + ".yaml";
  }

  String yaml(Path scratch) throws IOException {
    new CRDGenerator().customResourceClasses(type).inOutputDir(scratch.toFile()).detailedGenerate();
    CustomResourceDefinition definition = read(scratch);
    CustomResourceDefinitionVersion version = definition.getSpec().getVersions().getFirst();
    version.getAdditionalPrinterColumns().sort(Comparator.comparingInt(this::place));
    JSONSchemaProps schema = version.getSchema().getOpenAPIV3Schema();
    if (WITHOUT_SPEC.contains(type)) {
      // So that the defaults inside take effect.
      Objects.requireNonNull(schema.getProperties().get("spec"))
          .setDefault(JsonNodeFactory.instance.objectNode());
    } else {
      schema.setRequired(List.of("spec"));
    }
    return Serialization.asYaml(definition);
  }

  private int place(CustomResourceColumnDefinition column) {
    AdditionalPrinterColumn[] declared = type.getAnnotationsByType(AdditionalPrinterColumn.class);
    for (int place = 0; place < declared.length; place++) {
      if (declared[place].name().equals(column.getName())) {
        return place;
      }
    }
    return declared.length;
  }

  private CustomResourceDefinition read(Path scratch) throws IOException {
    try (Stream<Path> files = Files.list(scratch)) {
      Path file =
          files
              .filter(each -> each.toString().contains(CustomResource.getCRDName(type)))
              .findFirst()
              .orElseThrow();
      try (InputStream yaml = Files.newInputStream(file)) {
        return Serialization.unmarshal(yaml, CustomResourceDefinition.class);
      }
    }
  }
}
