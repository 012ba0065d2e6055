// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.JupyterKernelSpecSpec;
import io.elasticjupyter.api.KernelSpec;
import io.elasticjupyter.api.KernelSpec.OperatingMode;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.elasticjupyter.wire.kernelspec.KernelSpecException;
import io.elasticjupyter.wire.kernelspec.KernelSpecReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelResourceTest {

  private static final String ID = "00000000-0000-4000-8000-000000000001";
  private static final KubernetesSettings SETTINGS =
      new KubernetesSettings("team", "gw", new byte[32], Duration.ofMinutes(1), "");

  private static LaunchRequest request(Map<String, String> env) throws KernelSpecException {
    ObjectNode document =
        KubernetesKernelSpecs.document(
            "python3",
            new JupyterKernelSpecSpec(
                "python", null, null, null, null, null, null, null, null, null, null, null, null));
    return new LaunchRequest(
        new KernelId(ID),
        KernelSpecReader.of("python3", Path.of("none"), document),
        env,
        Optional.empty(),
        Path.of("folder"));
  }

  private static JupyterKernel first(Map<String, String> env) throws KernelSpecException {
    LaunchRequest request = request(env);
    return KernelResource.first(KernelResource.name(request), request, SETTINGS, Optional.empty());
  }

  private static String nameFor(String user) throws KernelSpecException {
    return KernelResource.name(request(Map.of("KERNEL_USERNAME", user)));
  }

  @Test
  void isNamedAfterUserAndKernel() throws KernelSpecException {
    assertThat(nameFor("ada")).isEqualTo("ada-" + ID);
    assertThat(KernelResource.name(request(Map.of()))).isEqualTo("jovyan-" + ID);
    assertThat(nameFor("")).isEqualTo("jovyan-" + ID);
  }

  @Test
  void hasOnlyCharactersOfAPodsNameWhateverTheUserIsCalled() throws KernelSpecException {
    assertThat(nameFor("Ada.L@x.org")).isEqualTo("ada-l-x-org-" + ID);
    assertThat(nameFor("--ada--")).isEqualTo("ada-" + ID);
    assertThat(nameFor("é\n{{ x }}: $(y)")).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    assertThat(nameFor("@@@")).isEqualTo("jovyan-" + ID);
    assertThat(nameFor("a".repeat(500))).hasSize(63);
    assertThat(nameFor("a".repeat(25) + "-b")).isEqualTo("a".repeat(25) + "-" + ID);
  }

  @Test
  void asksForTheFirstRunOfItsKernelspec() throws KernelSpecException {
    Map<String, String> env = Map.of("KERNEL_USERNAME", "ada", "KERNEL_GPUS", "1");

    JupyterKernel kernel = first(env);

    assertThat(kernel.getMetadata().getNamespace()).isEqualTo("team");
    assertThat(kernel.getMetadata().getLabels())
        .containsEntry(Labels.GATEWAY, "gw")
        .containsEntry(Labels.KERNEL_ID, ID)
        .containsEntry(Labels.KERNEL_SPEC, "python3");
    assertThat(kernel.getSpec().template()).isNull();
    assertThat(kernel.getSpec().user()).isEqualTo("ada");
    assertThat(kernel.getSpec().env()).isEqualTo(env);
    assertThat(KernelResource.run(kernel)).isEqualTo(1);
    assertThat(kernel.getSpec().operatingMode()).isEqualTo(OperatingMode.RUNNING);
  }

  @Test
  void anEmptyUserIsTheOneInTheName() throws KernelSpecException {
    JupyterKernel kernel = first(Map.of("KERNEL_USERNAME", ""));

    assertThat(kernel.getSpec().user()).isEqualTo("jovyan");
  }

  @Test
  void changesNothingButRunAndMode() throws KernelSpecException {
    JupyterKernel first = first(Map.of());

    KernelSpec stopped = KernelResource.with(first.getSpec(), 4, OperatingMode.STOPPED);

    assertThat(stopped.run()).isEqualTo(4);
    assertThat(stopped.operatingMode()).isEqualTo(OperatingMode.STOPPED);
    assertThat(KernelResource.with(stopped, 1, OperatingMode.RUNNING)).isEqualTo(first.getSpec());
  }

  @Test
  void doesNotShowTheKey() {
    assertThat(SETTINGS).hasToString("KubernetesSettings[team/gw]");
  }
}
