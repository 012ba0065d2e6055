// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelSpec;
import io.elasticjupyter.api.Labels;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LaunchedKernelTest {

  private static final String ID = "219cfd49-89ad-428c-8e0d-3e61e15d79a7";
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "EG_NAME", "gateway",
          "EG_NAMESPACE", "research",
          "KERNEL_NAME", "python-kubernetes",
          "KERNEL_USERNAME", "Ada.L",
          "KERNEL_IMAGE", "registry/kernel:1");

  @Test
  void theKernelIsNamedAsItsPodAndBelongsToTheGateway() {
    JupyterKernel kernel = kernel(ENVIRONMENT, new PodTemplateSpec());

    assertThat(kernel.getMetadata().getName()).isEqualTo("ada-l-" + ID);
    assertThat(kernel.getMetadata().getNamespace()).isEqualTo("research");
    assertThat(kernel.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("uid-of-gateway"));
    KernelSpec spec = kernel.getSpec();
    assertThat(spec.kernelId()).isEqualTo(ID);
    assertThat(spec.user()).isEqualTo("Ada.L");
    assertThat(spec.run()).isEqualTo(1);
  }

  @Test
  void theTemplateIsKeptWholeAndTheFirstContainerBecomesTheKernels() {
    PodTemplateSpec template =
        new PodTemplateSpecBuilder()
            .withNewMetadata()
            .addToLabels("team", "blue")
            .endMetadata()
            .withNewSpec()
            .withNodeSelector(Map.of("gpu", "yes"))
            .addNewContainer()
            .withName("kernel")
            .withImage("other")
            .addNewEnv()
            .withName("OWN")
            .withValue("1")
            .endEnv()
            .addNewEnv()
            .withName("KERNEL_ID")
            .withValue("stale")
            .endEnv()
            .endContainer()
            .addNewContainer()
            .withName("sidecar")
            .endContainer()
            .endSpec()
            .build();

    PodTemplateSpec made = templateOf(kernel(ENVIRONMENT, template));

    assertThat(made.getMetadata().getLabels())
        .containsEntry("team", "blue")
        .containsEntry("kernel_id", ID)
        .containsEntry("component", "kernel");
    assertThat(made.getSpec().getNodeSelector()).containsEntry("gpu", "yes");
    assertThat(made.getSpec().getContainers()).hasSize(2);
    Container first = made.getSpec().getContainers().getFirst();
    assertThat(first.getImage()).isEqualTo("registry/kernel:1");
    assertThat(first.getEnv())
        .contains(
            new EnvVar("OWN", "1", null),
            new EnvVar("KERNEL_ID", ID, null),
            new EnvVar("RESPONSE_ADDRESS", "10.0.0.1:8877", null),
            new EnvVar("EG_PUBLIC_KEY", "key", null))
        .doesNotContain(new EnvVar("KERNEL_ID", "stale", null));
  }

  @Test
  void whatTheClientSentReachesThePodAsItIsAndNothingElseOfTheLaunchersEnvironment() {
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    environment.put("EG_AUTH_TOKEN", "secret");
    environment.put("KERNEL_EXTRA", "$(EG_PUBLIC_KEY)");

    Container first =
        templateOf(kernel(environment, new PodTemplateSpec())).getSpec().getContainers().getFirst();

    assertThat(first.getName()).isEqualTo("kernel");
    assertThat(first.getEnv()).contains(new EnvVar("KERNEL_EXTRA", "$$(EG_PUBLIC_KEY)", null));
    assertThat(first.getEnv()).extracting(EnvVar::getName).doesNotContain("EG_AUTH_TOKEN");
  }

  @Test
  void aKernelOfAnotherNamespaceHasNoOwnerSinceKubernetesAllowsNone() {
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    environment.put("KERNEL_NAMESPACE", "team-blue");

    assertThat(kernel(environment, new PodTemplateSpec()).getMetadata().getOwnerReferences())
        .isEmpty();
  }

  @Test
  void anEnterpriseGatewayWithoutAJupyterGatewayOwnsNothing() {
    Map<String, String> environment =
        Map.of("KERNEL_NAMESPACE", "research", "KERNEL_IMAGE", "registry/kernel:1");

    JupyterKernel kernel =
        LaunchedKernel.of(request(ID, environment), new PodTemplateSpec(), Optional.empty(), 1);

    assertThat(kernel.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(kernel.getMetadata().getLabels()).doesNotContainKey(Labels.GATEWAY);
    assertThat(kernel.getSpec().gateway()).isNull();
    assertThat(kernel.getMetadata().getNamespace()).isEqualTo("research");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> request(ID, Map.of()).check())
        .hasMessageContaining("KERNEL_NAMESPACE");
    assertThatThrownBy(() -> request("{kernel_id}", ENVIRONMENT).check())
        .hasMessageContaining("--RemoteProcessProxy.kernel-id is '{kernel_id}'");
  }

  private static JupyterKernel kernel(Map<String, String> environment, PodTemplateSpec template) {
    JupyterGateway gateway = new JupyterGateway();
    gateway.setMetadata(
        new ObjectMetaBuilder().withName("gateway").withUid("uid-of-gateway").build());
    return LaunchedKernel.of(request(ID, environment), template, Optional.of(gateway), 1);
  }

  private static PodTemplateSpec templateOf(JupyterKernel kernel) {
    return Objects.requireNonNull(kernel.getSpec().template());
  }

  private static LaunchRequest request(String id, Map<String, String> environment) {
    return new LaunchRequest(
        id,
        "0..0",
        "10.0.0.1:8877",
        "key",
        "none",
        Optional.of("template"),
        Optional.empty(),
        environment);
  }
}
