// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.api.JupyterGatewaySpec.Action;
import io.elasticjupyter.api.JupyterGatewaySpec.OnLoss;
import io.elasticjupyter.api.JupyterKernelSpecSpec;
import io.elasticjupyter.kernels.hibernation.SavingMeans;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.elasticjupyter.wire.kernelspec.KernelSpec.InterruptMode;
import io.elasticjupyter.wire.kernelspec.KernelSpecException;
import io.elasticjupyter.wire.kernelspec.KernelSpecReader;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KubernetesKernelSpecsTest {

  private static final JupyterKernelSpecSpec LEAST =
      new JupyterKernelSpecSpec(
          "python", null, null, null, null, null, null, null, null, null, null, null, null);
  private static final JupyterKernelSpecSpec MOST =
      new JupyterKernelSpecSpec(
          "R",
          "R on a GPU",
          "registry/r:1",
          List.of(
              new EnvVarBuilder().withName("MODE").withValue("fast").build(),
              new EnvVarBuilder()
                  .withName("PASSWORD")
                  .withNewValueFrom()
                  .withNewSecretKeyRef("password", "database", false)
                  .endValueFrom()
                  .build()),
          List.of("R", "-e", "IRkernel::main()", "--args", "{connection_file}"),
          null,
          null,
          null,
          null,
          "signal",
          600,
          new JupyterKernelSpecSpec.KernelIdle(Action.DELETE, OnLoss.KEEP_RUNNING),
          new JupyterKernelSpecSpec.Hibernate("keep(\"@PATH@\")", "take(\"@PATH@\")"));

  private static KernelSpec read(JupyterKernelSpecSpec spec) throws KernelSpecException {
    return KernelSpecReader.of(
        "name", Path.of("none"), KubernetesKernelSpecs.document("name", spec));
  }

  @Test
  void needsNothingButALanguage() throws KernelSpecException {
    KernelSpec spec = read(LEAST);

    assertThat(spec.displayName()).isEqualTo("name");
    assertThat(spec.argv()).contains("ipykernel_launcher", "{connection_file}");
    assertThat(KubernetesKernelSpecs.document("name", LEAST).path("metadata")).isEmpty();
  }

  @Test
  void tellsClientsWhatTheResourceSays() throws KernelSpecException {
    KernelSpec spec = read(MOST);

    assertThat(spec.displayName()).isEqualTo("R on a GPU");
    assertThat(spec.language()).isEqualTo("R");
    assertThat(spec.argv()).startsWith("R", "-e");
  }

  @Test
  void namesImageAndIdleTimeoutInItsMetadata() {
    JsonNode metadata = KubernetesKernelSpecs.document("name", MOST).path("metadata");

    assertThat(metadata.at("/process_proxy/config/image_name").textValue())
        .isEqualTo("registry/r:1");
    assertThat(metadata.path("cull_idle_timeout").intValue()).isEqualTo(600);
  }

  @Test
  void whatBecomesOfItsIdleKernelsIsInItsMetadata() throws KernelSpecException {
    JsonNode metadata = KubernetesKernelSpecs.document("name", MOST).path("metadata");

    assertThat(metadata.path("idle_action").textValue()).isEqualTo("delete");
    assertThat(metadata.path("hibernate_on_loss").textValue()).isEqualTo("keep-running");
    assertThat(SavingMeans.of(read(MOST)))
        .contains(new SavingMeans.Texts("keep(\"@PATH@\")", "take(\"@PATH@\")"));
  }

  @Test
  void isInterruptedByMessageWhateverTheResourceSays() throws KernelSpecException {
    assertThat(read(LEAST).interruptMode()).isEqualTo(InterruptMode.MESSAGE);
    assertThat(read(MOST).interruptMode()).isEqualTo(InterruptMode.MESSAGE);
  }

  @Test
  void ofALauncherIsInterruptedBySignalUnlessTheResourceSaysOtherwise() throws KernelSpecException {
    assertThat(read(launcher(null)).interruptMode()).isEqualTo(InterruptMode.SIGNAL);
    assertThat(read(launcher("message")).interruptMode()).isEqualTo(InterruptMode.MESSAGE);
  }

  private static JupyterKernelSpecSpec launcher(@Nullable String interruptMode) {
    return new JupyterKernelSpecSpec(
        "python",
        null,
        null,
        null,
        List.of("kubeflow-launcher"),
        null,
        null,
        null,
        null,
        interruptMode,
        null,
        null,
        null);
  }

  @Test
  void doesNotShowValuesOutOfSecrets() throws KernelSpecException {
    assertThat(read(MOST).env()).containsOnlyKeys("MODE").containsEntry("MODE", "fast");
  }
}
