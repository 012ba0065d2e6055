// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.testkit.ProjectRoot;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real API server says to manifests: every rule in its own words, defaults, columns. */
final class ResourceRulesE2E {

  private static final Kubectl KUBECTL = Kubectl.in("resource-rules");

  @BeforeAll
  static void install() {
    KUBECTL.run("apply", "--server-side", "-f", "deploy/crds");
    KUBECTL.run("create", "namespace", KUBECTL.namespace());
  }

  @AfterAll
  static void remove() {
    KUBECTL.run("delete", "namespace", KUBECTL.namespace(), "--wait=false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed-elastic", "simple", "custom-kernels"})
  void everySampleIsTakenWithNoMoreThanAWarning(String sample) {
    String path = ProjectRoot.path().resolve("deploy/samples/" + sample + ".yaml").toString();

    assertThat(KUBECTL.run("apply", "-f", path)).contains("created");
  }

  @Test
  void fieldsOfPodTemplatesThatKubernetesDoesNotKnowAreKept() {
    apply(
        "JupyterKernelTemplate",
        "unknown-fields",
        """
        {"template": {"metadata": {"app": "old"}, "spec": {"fromTheFuture": {"deep": [1]}}}}\
        """);

    JsonNode template = KUBECTL.get("jkt/unknown-fields").at("/spec/template");
    assertThat(template.at("/metadata/app").asText()).isEqualTo("old");
    assertThat(template.at("/spec/fromTheFuture/deep/0").asInt()).isEqualTo(1);
  }

  @Test
  void aNotebookNeedsAGatewayOrATemplate() {
    assertThat(refused("JupyterNotebook", "{}"))
        .contains("a notebook needs spec.gateway", "or spec.template");
  }

  @Test
  void aNotebookWithoutAuthHasNoToken() {
    assertThat(
            refused(
                "JupyterNotebook",
                """
                {"gateway": {"name": "g"}, "auth": {"mode": "disable", "token": "secret"}}\
                """))
        .contains("auth.mode is disable, so a token or password has no meaning");
    assertThat(
            refused(
                "JupyterNotebook",
                "{\"gateway\": {\"name\": \"g\"}, \"auth\": {\"mode\": \"no\"}}"))
        .contains("spec.auth.mode", "\"disable\", \"enable\"");
  }

  @Test
  void aKernelNeedsAKernelspecOrATemplate() {
    assertThat(refused("JupyterKernel", "{}")).contains("a kernel needs spec.kernelSpec");
    assertThat(refused("JupyterKernel", "{\"kernelSpec\": \"python3\"}"))
        .contains("needs spec.kernelId (a UUID) and spec.gateway");
    assertThat(
            refused(
                "JupyterKernel",
                """
                {"kernelSpec": "python3", "gateway": "g", "kernelId": "../../etc"}\
                """))
        .contains("spec.kernelId");
    assertThat(refused("JupyterKernel", "{\"template\": {}, \"run\": 0}")).contains("spec.run");
  }

  @Test
  void theSpecItselfIsAskedFor() {
    Kubectl.Said said =
        KUBECTL.apply(
            """
            {"apiVersion": "kubeflow.tkestack.io/v1alpha1", "kind": "JupyterKernelSpec",
             "metadata": {"name": "no-spec"}}\
            """);

    assertThat(said.code()).isNotZero();
    assertThat(said.text()).contains("spec: Required value");
    assertThat(refused("JupyterKernelSpec", "{}")).contains("spec.language: Required value");
  }

  @Test
  void numbersHaveLimits() {
    assertThat(refused("JupyterGateway", "{\"cullIdleTimeout\": -1}"))
        .contains("spec.cullIdleTimeout", "greater than or equal to 0");
    assertThat(refused("JupyterGateway", "{\"cullInterval\": 0}")).contains("spec.cullInterval");
  }

  @Test
  void snapshotsHaveOnePlace() {
    assertThat(
            refused(
                "JupyterGateway",
                """
                {"snapshots": {"volume": {"claimName": "c"},
                 "store": {"endpoint": "https://s3.example", "bucket": "snapshots", "secretName": "s"}}}\
                """))
        .contains("in a store or in a volume, not in both");
    assertThat(
            refused("JupyterGateway", "{\"snapshots\": {\"volume\": {\"claimName\": \"../c\"}}}"))
        .contains("spec.snapshots.volume.claimName");
    apply("JupyterGateway", "on-a-volume", "{\"snapshots\": {\"volume\": {\"claimName\": \"c\"}}}");
    assertThat(KUBECTL.get("jgw/on-a-volume").at("/spec/snapshots/volume/loading").asText())
        .isEqualTo("Map");
  }

  @Test
  void aGatewayWithoutASpecHasTheDefaults() {
    Kubectl.Said said =
        KUBECTL.apply(
            """
            {"apiVersion": "kubeflow.tkestack.io/v1alpha1", "kind": "JupyterGateway",
             "metadata": {"name": "plain"}}\
            """);
    assertThat(said.code()).as(said.text()).isZero();

    JsonNode spec = KUBECTL.get("jgw/plain").path("spec");
    assertThat(spec.path("cullIdleTimeout").asInt()).isEqualTo(3600);
    assertThat(spec.path("cullInterval").asInt()).isEqualTo(10);
    assertThat(spec.path("logLevel").asText()).isEqualTo("INFO");
  }

  @Test
  void kubectlGetJupyterShowsWhatAnAdministratorAsks() {
    apply("JupyterGateway", "shown", "{}");
    apply("JupyterKernelSpec", "shown", "{\"language\": \"python\"}");
    apply(
        "JupyterKernel",
        "shown",
        """
        {"kernelSpec": "shown", "gateway": "shown", "user": "ada",
         "kernelId": "219cfd49-89ad-428c-8e0d-3e61e15d79a7"}\
        """);

    String table = KUBECTL.run("get", "jupyter");
    assertThat(table)
        .containsPattern("NAME +READY +KERNELS +REASON +AGE")
        .containsPattern("NAME +USER +KERNELSPEC +STAGE +REASON +AGE")
        .containsPattern("jupyterkernel.kubeflow.tkestack.io/shown +ada +shown");
    for (String shortName : List.of("jnb", "jgw", "jks", "jkt", "jk")) {
      KUBECTL.run("get", shortName);
    }
  }

  private static void apply(String kind, String name, String spec) {
    Kubectl.Said said = KUBECTL.apply(manifest(kind, name, spec));
    assertThat(said.code()).as(said.text()).isZero();
  }

  private static String refused(String kind, String spec) {
    Kubectl.Said said = KUBECTL.apply(manifest(kind, "refused", spec));
    assertThat(said.code()).as("was taken: %s", said.text()).isNotZero();
    return said.text();
  }

  private static String manifest(String kind, String name, String spec) {
    return """
    {"apiVersion": "kubeflow.tkestack.io/v1alpha1", "kind": "%s",
     "metadata": {"name": "%s"}, "spec": %s}\
    """
        .formatted(kind, name, spec);
  }
}
