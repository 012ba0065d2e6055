// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api.wishes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.api.JupyterGatewaySpec.Clients;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientWishesTest {

  private static final Clients BOUNDS =
      new Clients(List.of("registry/team/*", "exact:1"), true, "4", "8Gi", 2);
  private static final String CLAIM =
      "[{\"name\": \"data\", \"persistentVolumeClaim\": {\"claimName\": \"data-of-jane\"}}]";

  @Test
  void whoAsksForNothingGetsTheDefaultsOfEnterpriseGateway() throws WishRefused {
    ClientWishes wishes = ClientWishes.of(Map.of("KERNEL_USERNAME", "jane"), null);

    assertThat(wishes.user()).isEqualTo(1000);
    assertThat(wishes.group()).isEqualTo(100);
    assertThat(wishes.image()).isEmpty();
    assertThat(wishes.volumes()).isEmpty();
  }

  /** CVE of Enterprise Gateway: the prohibited uid 0 in another spelling was let through. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "00",
        "+0",
        "-0",
        " 0",
        "0 ",
        "0x0",
        "0.0",
        "0e0",
        "０",
        "1_0",
        "+1000",
        "01000",
        "-1",
        "4294967296",
        "2147483648",
        "9999999999",
        "1000\n",
        "1000; id",
        "root",
        "{{ 0 }}",
        "١٠"
      })
  void noOtherSpellingOfAUserOrGroupIsTaken(String id) {
    refused(Map.of("KERNEL_UID", id), BOUNDS, "KERNEL_UID");
    refused(Map.of("KERNEL_GID", id), BOUNDS, "KERNEL_GID");
  }

  @Test
  void aPlainUserAndGroupAreTaken() throws WishRefused {
    ClientWishes wishes = ClientWishes.of(Map.of("KERNEL_UID", "1001", "KERNEL_GID", "1"), null);

    assertThat(wishes.user()).isEqualTo(1001);
    assertThat(wishes.group()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry/team/kernel:1", "registry/team/a/b", "exact:1"})
  void anImageThatTheAdministratorAllowsIsTaken(String image) throws WishRefused {
    assertThat(ClientWishes.of(Map.of("KERNEL_IMAGE", image), BOUNDS).image()).contains(image);
  }

  /** CVEs of Enterprise Gateway: YAML and templates in the image's name reached the manifest. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry/team",
        "exact:10",
        "other/registry/team/a",
        "registry/team/a\nhostNetwork: true",
        "registry/team/a\n  securityContext: {privileged: true}",
        "registry/team/{{ kernel_id }}",
        "registry/team/{% for x in ().__class__.__base__.__subclasses__() %}",
        "registry/team/$(id)",
        "registry/team/`id`",
        "registry/team/a b",
        " registry/team/a",
        "*"
      })
  void anyOtherImageIsRefused(String image) {
    refused(Map.of("KERNEL_IMAGE", image), BOUNDS, "KERNEL_IMAGE");
  }

  @Test
  void withoutBoundsNoImageNoAmountAndNoVolumeIsTheClientsChoice() {
    refused(Map.of("KERNEL_IMAGE", "exact:1"), null, "KERNEL_IMAGE");
    refused(Map.of("KERNEL_CPUS", "1"), null, "KERNEL_CPUS");
    refused(Map.of("KERNEL_MEMORY_LIMIT", "1Gi"), null, "KERNEL_MEMORY_LIMIT");
    refused(Map.of("KERNEL_GPUS", "1"), null, "KERNEL_GPUS");
    refused(Map.of("KERNEL_VOLUMES", CLAIM), null, "KERNEL_VOLUMES");
  }

  @Test
  void amountsWithinBoundsAreTaken() throws WishRefused {
    ClientWishes wishes =
        ClientWishes.of(
            Map.of(
                "KERNEL_CPUS", "500m",
                "KERNEL_CPUS_LIMIT", "4",
                "KERNEL_MEMORY", "1Gi",
                "KERNEL_MEMORY_LIMIT", "8Gi",
                "KERNEL_GPUS", "2"),
            BOUNDS);

    assertThat(wishes.resources().getRequests())
        .isEqualTo(
            Map.of(
                "cpu", new Quantity("500m"),
                "memory", new Quantity("1Gi"),
                "nvidia.com/gpu", new Quantity("2")));
    assertThat(wishes.resources().getLimits())
        .isEqualTo(
            Map.of(
                "cpu", new Quantity("4"),
                "memory", new Quantity("8Gi"),
                "nvidia.com/gpu", new Quantity("2")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "4001m", "-1", "0", "many", "1\nlimits: {cpu: 100}", "{{ 1 }}"})
  void otherAmountsOfProcessorAreRefused(String amount) {
    refused(Map.of("KERNEL_CPUS_LIMIT", amount), BOUNDS, "KERNEL_CPUS_LIMIT");
    refused(Map.of("KERNEL_CPUS", amount), BOUNDS, "KERNEL_CPUS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "0", "-1", "1.5", "1e1", " 1", "2Gi", "99999"})
  void otherAmountsOfGpusAreRefused(String amount) {
    refused(Map.of("KERNEL_GPUS", amount), BOUNDS, "KERNEL_GPUS");
    refused(Map.of("KERNEL_GPUS_LIMIT", amount), BOUNDS, "KERNEL_GPUS_LIMIT");
  }

  @Test
  void aClaimIsMountedWhereTheClientSays() throws WishRefused {
    ClientWishes wishes =
        ClientWishes.of(
            Map.of(
                "KERNEL_VOLUMES",
                CLAIM,
                "KERNEL_VOLUME_MOUNTS",
                "[{\"name\": \"data\", \"mountPath\": \"/data\", \"subPath\": \"a/b\"}]"),
            BOUNDS);

    assertThat(wishes.volumes())
        .singleElement()
        .extracting(Volume::getPersistentVolumeClaim)
        .returns("data-of-jane", claim -> claim.getClaimName());
    assertThat(wishes.mounts())
        .singleElement()
        .returns("data", mount -> mount.getName())
        .returns("/data", mount -> mount.getMountPath())
        .returns("a/b", mount -> mount.getSubPath());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"name\": \"a\", \"hostPath\": {\"path\": \"/\"}}]",
        "[{\"name\": \"a\", \"secret\": {\"secretName\": \"gw-gateway\"}}]",
        "[{\"name\": \"a\", \"persistentVolumeClaim\": {\"claimName\": \"c\"},"
            + " \"hostPath\": {\"path\": \"/\"}}]",
        "[{\"name\": \"a\", \"persistentVolumeClaim\": null}]",
        "[{\"name\": \"a\"}]",
        "[{\"name\": \"a\\nb\", \"persistentVolumeClaim\": {\"claimName\": \"c\"}}]",
        "[{\"name\": \"a\", \"persistentVolumeClaim\": {\"claimName\": \"../c\"}}]",
        "[{\"name\": \"a\", \"persistentVolumeClaim\": {\"claimName\": \"c\"}},"
            + " {\"name\": \"a\", \"persistentVolumeClaim\": {\"claimName\": \"c\"}}]",
        "[null]",
        "{}",
        "- name: a\n  hostPath: {path: /}",
        "[",
        "[]]"
      })
  void volumesOfAnyOtherKindAreRefused(String volumes) {
    refused(Map.of("KERNEL_VOLUMES", volumes), BOUNDS, "KERNEL_VOLUMES");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"name\": \"of-the-template\", \"mountPath\": \"/x\"}]",
        "[{\"name\": \"data\", \"mountPath\": \"x\"}]",
        "[{\"name\": \"data\", \"mountPath\": \"/a/../etc\"}]",
        "[{\"name\": \"data\", \"mountPath\": \"/x\", \"subPath\": \"../other\"}]",
        "[{\"name\": \"data\", \"mountPath\": \"/x\", \"subPath\": \"/etc\"}]",
        "[{\"name\": \"data\", \"mountPath\": \"/var/run/elastic-jupyter/connection\"}]",
        "[{\"name\": \"data\", \"mountPath\": \"/proc\"}]",
        "[{\"name\": \"data\", \"mountPath\": \"/x\", \"mountPropagation\": \"Bidirectional\"}]",
        "[{\"name\": \"data\", \"mountPath\": \"/x\", \"subPathExpr\": \"$(HOME)\"}]",
        "[3]"
      })
  void mountsThatReachFurtherAreRefused(String mounts) {
    refused(
        Map.of("KERNEL_VOLUMES", CLAIM, "KERNEL_VOLUME_MOUNTS", mounts),
        BOUNDS,
        "KERNEL_VOLUME_MOUNTS");
  }

  private static void refused(Map<String, String> env, @Nullable Clients bounds, String named) {
    assertThatThrownBy(() -> ClientWishes.of(env, bounds))
        .as("%s", env)
        .asInstanceOf(InstanceOfAssertFactories.type(WishRefused.class))
        .extracting(WishRefused::sentence, InstanceOfAssertFactories.STRING)
        .contains(named);
  }
}
