// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.elasticjupyter.api.JupyterGatewaySpec;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.JupyterKernelSpecSpec;
import io.elasticjupyter.api.KernelPorts;
import io.elasticjupyter.api.KernelReason;
import io.elasticjupyter.api.KernelSpec;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.api.LaunchMode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KernelResourcesTest {

  private static final String ID = "219cfd49-89ad-428c-8e0d-3e61e15d79a7";
  private static final String NAME = "jovyan-" + ID;

  /** The template of the sample custom-kernels.yaml, with fields that no Pod has. */
  private static final String TEMPLATE =
      """
      metadata:
        app: enterprise-gateway
        component: kernel
        labels: {team: red, kubeflow.tkestack.io/run: "77"}
        annotations: {note: kept}
      spec:
        restartPolicy: Always
        nodeSelector: {disk: fast}
        containers:
          - name: kernel
            env: [{name: A, value: template}, {name: B, value: template}]
          - name: sidecar
            image: sidecar:1
      """;

  @Test
  void thePodHasTheNameOwnerAndLabelsByWhichItIsFound() throws KernelRefused {
    Pod pod = pod(kernel(Map.of()), kernelspec(null, null), null);

    assertThat(pod.getMetadata().getName()).isEqualTo(NAME);
    assertThat(pod.getMetadata().getLabels())
        .containsEntry(Labels.MANAGED_BY, Labels.MANAGED_BY_OPERATOR)
        .containsEntry(Labels.COMPONENT, "kernel")
        .containsEntry(Labels.KERNEL, NAME)
        .containsEntry(Labels.KERNEL_ID, ID)
        .containsEntry(Labels.GATEWAY, "gw")
        .containsEntry(Labels.KERNEL_SPEC, "python3")
        .containsEntry(Labels.RUN, "3");
    assertThat(pod.getMetadata().getOwnerReferences())
        .singleElement()
        .returns("JupyterKernel", owner -> owner.getKind())
        .returns("uid-of-kernel", owner -> owner.getUid());
  }

  @Test
  void aTemplateIsKeptButForWhatTheOperatorMustDecide() throws KernelRefused {
    PodTemplateSpec template = Serialization.unmarshal(TEMPLATE, PodTemplateSpec.class);
    Pod pod = pod(kernel(Map.of()), kernelspec(null, null), template);

    assertThat(pod.getMetadata().getLabels())
        .containsEntry("team", "red")
        .containsEntry(Labels.RUN, "3");
    assertThat(pod.getMetadata().getAnnotations()).containsEntry("note", "kept");
    assertThat(pod.getMetadata().getAdditionalProperties()).isEmpty();
    assertThat(pod.getSpec().getRestartPolicy()).isEqualTo("Never");
    assertThat(pod.getSpec().getNodeSelector()).containsEntry("disk", "fast");
    assertThat(pod.getSpec().getContainers())
        .extracting(Container::getName, Container::getImage)
        .containsExactly(tuple("kernel", "kernel:1"), tuple("sidecar", "sidecar:1"));
  }

  @Test
  void theLaterOfTemplateKernelspecClientAndSystemWins() throws KernelRefused {
    PodTemplateSpec template = Serialization.unmarshal(TEMPLATE, PodTemplateSpec.class);
    JupyterKernelSpecSpec kernelspec =
        kernelspec(
            List.of(new EnvVar("B", "kernelspec", null), new EnvVar("C", "kernelspec", null)),
            null);
    Pod pod = pod(kernel(Map.of("C", "client", "KERNEL_ID", "mine")), kernelspec, template);

    assertThat(env(pod))
        .containsEntry("A", "template")
        .containsEntry("B", "kernelspec")
        .containsEntry("C", "client")
        .containsEntry("KERNEL_ID", ID)
        .containsEntry("KERNEL_NAMESPACE", "team")
        .containsEntry("KERNEL_USERNAME", "jovyan")
        .containsEntry("KERNEL_LANGUAGE", "python");
  }

  /** CVEs of Enterprise Gateway 2026: values that broke out of the manifest they were pasted to. */
  @Test
  void aClientsTextStaysText() throws KernelRefused {
    String text = "a\"\n  hostNetwork: true\n# {{ 7*7 }} ${HOME} `id`";
    Pod pod = pod(kernel(Map.of("KERNEL_NOTE", text)), kernelspec(null, null), null);
    Pod plain = pod(kernel(Map.of()), kernelspec(null, null), null);

    assertThat(env(pod)).containsEntry("KERNEL_NOTE", text);
    pod.getSpec()
        .getContainers()
        .getFirst()
        .getEnv()
        .removeIf(each -> each.getName().equals("KERNEL_NOTE"));
    assertThat(pod).as("all but that one variable").isEqualTo(plain);
  }

  @Test
  void theKubeletReplacesNothingInAClientsText() throws KernelRefused {
    Pod pod = pod(kernel(Map.of("KERNEL_X", "$(KERNEL_ID)")), kernelspec(null, null), null);

    assertThat(env(pod)).containsEntry("KERNEL_X", "$$(KERNEL_ID)");
  }

  @Test
  void thePodMeetsTheRestrictedProfileAndHasNoToken() throws KernelRefused {
    Pod pod = pod(kernel(Map.of("KERNEL_UID", "1234")), kernelspec(null, null), null);

    assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getSpec().getSecurityContext())
        .returns(true, context -> context.getRunAsNonRoot())
        .returns(1234L, context -> context.getRunAsUser())
        .returns(100L, context -> context.getRunAsGroup())
        .returns("RuntimeDefault", context -> context.getSeccompProfile().getType());
    assertThat(pod.getSpec().getContainers().getFirst().getSecurityContext())
        .returns(false, context -> context.getAllowPrivilegeEscalation())
        .returns(List.of("ALL"), context -> context.getCapabilities().getDrop());
  }

  @Test
  void whatATemplateSaysOfSecurityStands() throws KernelRefused {
    PodTemplateSpec template =
        Serialization.unmarshal(
            """
            spec:
              securityContext: {runAsUser: 0}
              containers:
                - name: kernel
                  securityContext: {privileged: true}
            """,
            PodTemplateSpec.class);
    Pod pod = pod(kernel(Map.of()), kernelspec(null, null), template);

    assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).isZero();
    assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isNull();
    assertThat(pod.getSpec().getContainers().getFirst().getSecurityContext())
        .returns(true, context -> context.getPrivileged())
        .returns(null, context -> context.getAllowPrivilegeEscalation());
  }

  @Test
  void resourcesOfTheKernelspecGoOverThoseOfTheTemplate() throws KernelRefused {
    PodTemplateSpec template =
        Serialization.unmarshal(
            """
            spec:
              containers:
                - name: kernel
                  resources: {requests: {cpu: 1, memory: 1Gi}}
            """,
            PodTemplateSpec.class);
    ResourceRequirements more =
        new ResourceRequirementsBuilder()
            .addToRequests("memory", new Quantity("2Gi"))
            .addToLimits("nvidia.com/gpu", new Quantity("1"))
            .build();
    ResourceRequirements both =
        pod(kernel(Map.of()), kernelspec(null, more), template)
            .getSpec()
            .getContainers()
            .getFirst()
            .getResources();

    assertThat(both.getRequests())
        .isEqualTo(Map.of("cpu", new Quantity("1"), "memory", new Quantity("2Gi")));
    assertThat(both.getLimits()).isEqualTo(Map.of("nvidia.com/gpu", new Quantity("1")));
  }

  @Test
  void theConnectionFileIsMountedAndNamedInTheCommand() throws KernelRefused {
    Pod pod = pod(kernel(Map.of()), kernelspec(null, null), null);
    Container container = pod.getSpec().getContainers().getFirst();

    assertThat(container.getCommand())
        .containsExactly(
            "python3",
            "-m",
            "ipykernel_launcher",
            "-f",
            "/var/run/elastic-jupyter/connection/connection.json");
    assertThat(container.getVolumeMounts())
        .filteredOn(mount -> mount.getName().equals("elastic-jupyter-connection"))
        .singleElement()
        .returns("/var/run/elastic-jupyter/connection", mount -> mount.getMountPath())
        .returns(true, mount -> mount.getReadOnly());
    assertThat(pod.getSpec().getVolumes())
        .filteredOn(volume -> volume.getName().equals("elastic-jupyter-connection"))
        .singleElement()
        .returns(NAME + "-connection", volume -> volume.getSecret().getSecretName());
  }

  @Test
  void whatAPodHoldsIsWhatItsContainersAskForTogether() {
    Pod pod =
        new PodBuilder()
            .withNewSpec()
            .addNewContainer()
            .withNewResources()
            .addToRequests("cpu", new Quantity("500m"))
            .addToRequests("nvidia.com/gpu", new Quantity("1"))
            .endResources()
            .endContainer()
            .addNewContainer()
            .withNewResources()
            .addToRequests("cpu", new Quantity("250m"))
            .endResources()
            .endContainer()
            .endSpec()
            .build();
    Pod modest = new PodBuilder().withNewSpec().addNewContainer().endContainer().endSpec().build();

    assertThat(PodRequests.texts(pod))
        .containsOnly(entry("cpu", "750m"), entry("nvidia.com/gpu", "1"));
    assertThat(PodRequests.texts(modest)).isNull();
  }

  @Test
  void theConnectionFileListensOnEveryAddressAtKnownPorts() throws IOException {
    JsonNode connection =
        new ObjectMapper()
            .readTree(
                KernelResources.connectionSecret(kernel(Map.of()), "ab12")
                    .getStringData()
                    .get("connection.json"));

    assertThat(connection.path("ip").asText()).isEqualTo("0.0.0.0");
    assertThat(connection.path("key").asText()).isEqualTo("ab12");
    assertThat(connection.path("signature_scheme").asText()).isEqualTo("hmac-sha256");
    assertThat(connection.path("shell_port").asInt()).isEqualTo(KernelPorts.SHELL);
    assertThat(connection.path("hb_port").asInt()).isEqualTo(KernelPorts.HEARTBEAT);
  }

  @Test
  void aLauncherFindsInItsEnvironmentWhomToCall() throws KernelRefused {
    Pod pod =
        callback(Map.of("RESPONSE_ADDRESS", "elsewhere:1"), List.of("kubeflow-launcher", "-v"));

    assertThat(env(pod))
        .containsEntry("KERNEL_ID", ID)
        .containsEntry("KERNEL_LANGUAGE", "python")
        .containsEntry("KERNEL_NAME", "python3")
        .containsEntry("RESPONSE_ADDRESS", "gw.team:8877")
        .containsEntry("EG_RESPONSE_ADDRESS", "gw.team:8877")
        .containsEntry("PUBLIC_KEY", "MIIB")
        .containsEntry("EG_PUBLIC_KEY", "MIIB")
        .containsEntry("PORT_RANGE", "0..0");
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("kernel_id", ID)
        .containsEntry("app", "enterprise-gateway")
        .containsEntry("component", "kernel");
    assertThat(KernelResources.launchMode(pod)).isEqualTo(LaunchMode.CALLBACK);
    assertThat(pod.getSpec().getVolumes())
        .extracting(Volume::getName)
        .containsExactly("elastic-jupyter-snapshot");
    assertThat(pod.getSpec().getContainers().getFirst().getVolumeMounts())
        .extracting(VolumeMount::getMountPath)
        .containsExactly("/var/run/elastic-jupyter/snapshot");
    assertThat(pod.getSpec().getContainers().getFirst().getCommand())
        .as("a launcher beside the gateway leaves the start to the image")
        .isEmpty();
  }

  @Test
  void aLauncherOfTheImageIsToldInItsCommand() throws KernelRefused {
    Pod pod =
        callback(
            Map.of(),
            List.of(
                "start", "--id={kernel_id}", "{port_range}", "{response_address}", "{public_key}"));

    assertThat(pod.getSpec().getContainers().getFirst().getCommand())
        .containsExactly("start", "--id=" + ID, "0..0", "gw.team:8877", "MIIB");
  }

  private static Pod callback(Map<String, String> env, List<String> command) throws KernelRefused {
    return KernelResources.podOfKernelspec(
        kernel(env),
        new JupyterKernelSpecSpec(
            "python",
            null,
            "kernel:1",
            null,
            command,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null),
        null,
        null,
        new Launch.Callback("gw.team:8877", "MIIB"));
  }

  @Test
  void aKernelspecWithoutAnyImageIsRefusedInWords() {
    JupyterKernelSpecSpec empty =
        new JupyterKernelSpecSpec(
            "python", null, null, null, null, null, null, null, null, null, null, null, null);

    assertThatThrownBy(() -> pod(kernel(Map.of()), empty, null))
        .asInstanceOf(InstanceOfAssertFactories.type(KernelRefused.class))
        .returns(KernelReason.IMAGE_MISSING, KernelRefused::reason)
        .extracting(KernelRefused::sentence, InstanceOfAssertFactories.STRING)
        .contains("spec.image");
  }

  @Test
  void aKernelByHandIsItsTemplate() throws KernelRefused {
    PodTemplateSpec template =
        Serialization.unmarshal(
            "spec: {containers: [{name: k, image: \"k:1\", command: [run]}]}",
            PodTemplateSpec.class);
    Pod pod = KernelResources.podOfTemplate(kernel(Map.of()), template);

    assertThat(pod.getSpec().getContainers())
        .singleElement()
        .returns("k:1", Container::getImage)
        .returns(List.of("run"), Container::getCommand);
    assertThat(pod.getSpec().getVolumes()).isEmpty();
    assertThat(pod.getSpec().getRestartPolicy()).isEqualTo("Never");
    assertThatThrownBy(() -> KernelResources.podOfTemplate(kernel(Map.of()), new PodTemplateSpec()))
        .isInstanceOf(KernelRefused.class);
  }

  /** A gateway whose kernels keep what they hold on a volume. */
  private static Pod podWithVolume(@Nullable PodTemplateSpec template, Map<String, String> env)
      throws KernelRefused {
    JupyterGatewaySpec gateway =
        Serialization.unmarshal(
            "snapshots: {volume: {claimName: shared}}", JupyterGatewaySpec.class);
    return KernelResources.podOfKernelspec(
        kernel(env), kernelspec(null, null), template, gateway, new Launch.Direct());
  }

  @Test
  void aKernelMountsItsOwnFolderOfTheVolumeForSnapshotsAndNothingBesideIt() throws KernelRefused {
    PodSpec pod = podWithVolume(null, Map.of()).getSpec();

    assertThat(pod.getVolumes())
        .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
        .singleElement()
        .returns("shared", volume -> volume.getPersistentVolumeClaim().getClaimName());
    assertThat(pod.getContainers().getFirst().getVolumeMounts())
        .filteredOn(mount -> mount.getName().equals("elastic-jupyter-snapshots"))
        .singleElement()
        .returns("/var/run/elastic-jupyter/snapshots", VolumeMount::getMountPath)
        .returns("gw/" + ID, VolumeMount::getSubPath)
        .returns(null, VolumeMount::getReadOnly);
    assertThat(pod.getSecurityContext().getFsGroup()).isEqualTo(100);
    assertThat(pod.getSecurityContext().getFsGroupChangePolicy()).isEqualTo("OnRootMismatch");
    assertThat(pod(kernel(Map.of()), kernelspec(null, null), null).getSpec().getVolumes())
        .noneMatch(volume -> volume.getPersistentVolumeClaim() != null);
  }

  @Test
  void aKernelOfAnotherGroupWritesToTheVolumeByTheGroupOfTheGateway() throws KernelRefused {
    PodSpec asked = podWithVolume(null, Map.of("KERNEL_GID", "500")).getSpec();
    assertThat(asked.getSecurityContext().getRunAsGroup()).isEqualTo(500);
    assertThat(asked.getSecurityContext().getFsGroup()).isEqualTo(100);

    PodTemplateSpec template =
        Serialization.unmarshal("spec: {securityContext: {fsGroup: 500}}", PodTemplateSpec.class);
    PodSpec given = podWithVolume(template, Map.of()).getSpec();
    assertThat(given.getSecurityContext().getFsGroup()).isEqualTo(500);
    assertThat(given.getSecurityContext().getSupplementalGroups()).containsExactly(100L);
  }

  private static Pod pod(
      JupyterKernel kernel, JupyterKernelSpecSpec kernelspec, @Nullable PodTemplateSpec template)
      throws KernelRefused {
    return KernelResources.podOfKernelspec(kernel, kernelspec, template, null, new Launch.Direct());
  }

  private static Map<String, String> env(Pod pod) {
    return pod.getSpec().getContainers().getFirst().getEnv().stream()
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }

  private static JupyterKernel kernel(Map<String, String> env) {
    JupyterKernel kernel = new JupyterKernel();
    kernel.setMetadata(
        new ObjectMetaBuilder()
            .withName(NAME)
            .withNamespace("team")
            .withUid("uid-of-kernel")
            .build());
    kernel.setSpec(
        new KernelSpec(
            null, "gw", "python3", ID, "jovyan", env, 3, KernelSpec.OperatingMode.RUNNING));
    return kernel;
  }

  private static JupyterKernelSpecSpec kernelspec(
      @Nullable List<EnvVar> env, @Nullable ResourceRequirements resources) {
    return new JupyterKernelSpecSpec(
        "python",
        "Python 3",
        "kernel:1",
        env,
        null,
        null,
        null,
        null,
        resources,
        null,
        null,
        null,
        null);
  }
}
