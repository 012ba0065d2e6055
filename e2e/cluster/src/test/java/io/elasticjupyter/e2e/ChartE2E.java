// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.testkit.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Helm chart, rendered by Helm's own engine, beside what {@code kubectl apply} installs. */
final class ChartE2E {

  private static final String HELM = System.getProperty("elastic.helm", "helm");
  private static final Kubectl KUBECTL = Kubectl.in("elastic-jupyter");

  /** Takes back the namespace that every call has, since these objects name theirs. */
  private static final String ANY_NAMESPACE = "--namespace=";

  @TempDir private Path scratch;

  @Test
  void withoutValuesItInstallsWhatInstallYamlDoes() {
    Map<String, JsonNode> chart = objects("-", render("elastic-jupyter", "{}"));
    chart.putAll(objects("deploy/crds", ""));
    Map<String, JsonNode> install = objects("deploy/install.yaml", "");
    // Which is the release's own, made by helm install --create-namespace.
    assertThat(install.remove("Namespace /elastic-jupyter")).isNotNull();

    assertThat(chart.keySet()).isEqualTo(install.keySet()).hasSizeGreaterThan(10);
    assertThat(chart).isEqualTo(install);
  }

  @Test
  void theValuesAreUsed() {
    String values =
        """
        {"image": "registry.example/elastic-jupyter:2", "imagePullPolicy": "Always", "replicas": 3,
         "namespaces": ["default", "kube-public"], "resources": {"limits": {"memory": "1Gi"}}}\
        """;
    String rendered = render("kube-public", values);
    Map<String, JsonNode> objects = objects("-", rendered);

    JsonNode deployment = objects.get("Deployment kube-public/elastic-jupyter-operator");
    assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(3);
    JsonNode operator = deployment.at("/spec/template/spec/containers/0");
    assertThat(operator.path("image").asText()).isEqualTo("registry.example/elastic-jupyter:2");
    assertThat(operator.path("imagePullPolicy").asText()).isEqualTo("Always");
    assertThat(operator.at("/resources/limits/memory").asText()).isEqualTo("1Gi");
    assertThat(operator.path("resources").has("requests")).isTrue();
    assertThat(operator.path("args"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "operator", "--lease-namespace", "kube-public", "--namespaces", "default,kube-public");

    assertThat(objects)
        .as("rights in the namespaces that were named, and nowhere else")
        .containsKeys(
            "RoleBinding default/elastic-jupyter-operator",
            "ClusterRoleBinding /elastic-jupyter-operator-nodes")
        .doesNotContainKey("ClusterRoleBinding /elastic-jupyter-operator");
    assertThat(
            objects
                .get("RoleBinding default/elastic-jupyter-operator")
                .at("/subjects/0/namespace")
                .asText())
        .isEqualTo("kube-public");

    assertThat(KUBECTL.attempt(rendered, "apply", "--dry-run=server", ANY_NAMESPACE, "-f", "-"))
        .as("an API server takes it")
        .satisfies(said -> assertThat(said.code()).as(said.text()).isZero());
  }

  private String render(String namespace, String values) {
    Path file = scratch.resolve("values.yaml");
    try {
      Files.writeString(file, values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Kubectl.Said said =
        ShortCall.run(
            List.of(
                HELM,
                "template",
                "elastic-jupyter",
                ProjectRoot.path().resolve("deploy").toString(),
                "--namespace",
                namespace,
                "--values",
                file.toString()),
            "");
    assertThat(said.code()).as(said.text()).isZero();
    return said.text();
  }

  /** By kind, namespace and name. */
  private static Map<String, JsonNode> objects(String file, String input) {
    Kubectl.Said said =
        KUBECTL.attempt(
            input, "create", "--dry-run=client", "-o", "json", ANY_NAMESPACE, "-f", file);
    assertThat(said.code()).as(said.text()).isZero();
    Map<String, JsonNode> objects = new HashMap<>();
    for (JsonNode object : Kubectl.objects(said.text())) {
      objects.put(
          "%s %s/%s"
              .formatted(
                  object.path("kind").asText(),
                  object.at("/metadata/namespace").asText(),
                  object.at("/metadata/name").asText()),
          object);
    }
    return objects;
  }
}
