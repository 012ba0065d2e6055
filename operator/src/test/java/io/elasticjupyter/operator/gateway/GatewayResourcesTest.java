// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterGatewaySpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GatewayResourcesTest {

  private static final String IMAGE = "registry.example/programs:2";

  @Test
  void aGatewayMayNeitherMakePodsNorReadSecrets() {
    List<PolicyRule> rules = GatewayResources.role(Gateways.of(null)).getRules();

    assertThat(rules).allSatisfy(rule -> assertThat(rule.getApiGroups()).doesNotContain("", "*"));
    assertThat(rules)
        .flatExtracting(PolicyRule::getResources)
        .contains("jupyterkernels")
        .doesNotContain("pods", "secrets", "*");
  }

  @Test
  void theSettingsThatBothGatewaysReadAreInTheEnvironment() {
    JupyterGatewaySpec spec =
        Gateways.spec(
            """
            kernels: [r, python3]
            cullIdleTimeout: 600
            cullInterval: 5
            logLevel: DEBUG
            """);

    assertThat(env(Gateways.of(spec)))
        .containsEntry("EG_PORT", "8888")
        .containsEntry("EG_NAMESPACE", "team")
        .containsEntry("ELASTIC_JUPYTER_GATEWAY", "gw")
        .containsEntry("EG_CULL_IDLE_TIMEOUT", "600")
        .containsEntry("EG_CULL_INTERVAL", "5")
        .containsEntry("EG_CULL_CONNECTED", "True")
        .containsEntry("EG_LOG_LEVEL", "DEBUG")
        .containsEntry("EG_ALLOWED_KERNELS", "r,python3")
        .containsEntry("EG_DEFAULT_KERNEL_NAME", "r");
  }

  @Test
  void noSecretIsInTheEnvironmentOrTheArguments() {
    Secret secret = GatewaySecret.fresh(Gateways.of(null), new SecureRandom(), Instant.EPOCH);
    String deployment = GatewayResources.deployment(Gateways.of(null), IMAGE).toString();

    assertThat(secret.getData())
        .containsOnlyKeys("token", "kernel-key", "callback-key", "snapshots.pem");
    assertThat(secret.getData().values()).noneMatch(deployment::contains);
    assertThat(pod(null).getContainers().getFirst().getEnv())
        .allMatch(each -> each.getValueFrom() == null || each.getValueFrom().getFieldRef() != null);
  }

  @Test
  void theKeysOfAnObjectStoreAreAFileOfTheGatewayAlone() {
    JupyterGatewaySpec spec =
        Gateways.spec(
            """
            snapshots:
              store:
                endpoint: https://s3.example
                bucket: snapshots
                prefix: team
                secretName: keys
                pathStyle: false
            """);

    assertThat(env(Gateways.of(spec)))
        .containsEntry("EG_SNAPSHOT_STORE", "https://s3.example")
        .containsEntry("EG_SNAPSHOT_BUCKET", "snapshots")
        .containsEntry("EG_SNAPSHOT_PREFIX", "team")
        .containsEntry("EG_SNAPSHOT_PATH_STYLE", "False")
        .containsEntry("EG_SNAPSHOT_CREDENTIALS", "/etc/elastic-jupyter/snapshot-store")
        .doesNotContainKey("EG_SNAPSHOT_REGION");
    assertThat(pod(spec).getVolumes())
        .filteredOn(volume -> volume.getName().equals("snapshot-store"))
        .singleElement()
        .satisfies(volume -> {
          assertThat(volume.getSecret().getSecretName()).isEqualTo("keys");
          assertThat(volume.getSecret().getDefaultMode()).isEqualTo(0440);
        });
    assertThat(pod(spec).getContainers().getFirst().getVolumeMounts())
        .anyMatch(mount ->
            mount.getMountPath().equals("/etc/elastic-jupyter/snapshot-store")
                && mount.getReadOnly());
    assertThat(pod(null).getVolumes())
        .noneMatch(volume -> volume.getName().equals("snapshot-store"));
  }

  @Test
  void theVolumeOfSleepingKernelsIsMountedWholeByTheGroupThatKernelsHave() {
    JupyterGatewaySpec spec =
        Gateways.spec("snapshots: {volume: {claimName: shared, loading: Read}}");

    assertThat(env(Gateways.of(spec)))
        .containsEntry("EG_SNAPSHOT_VOLUME", "/var/lib/elastic-jupyter-snapshots")
        .containsEntry("EG_SNAPSHOT_LOADING", "read");
    assertThat(pod(spec).getVolumes())
        .filteredOn(volume -> volume.getName().equals("snapshots"))
        .singleElement()
        .returns("shared", volume -> volume.getPersistentVolumeClaim().getClaimName());
    assertThat(pod(spec).getContainers().getFirst().getVolumeMounts())
        .filteredOn(mount -> mount.getName().equals("snapshots"))
        .singleElement()
        .returns("/var/lib/elastic-jupyter-snapshots", VolumeMount::getMountPath)
        .returns(null, VolumeMount::getSubPath);
    assertThat(pod(spec).getSecurityContext())
        .returns(100L, PodSecurityContext::getFsGroup)
        .returns("OnRootMismatch", PodSecurityContext::getFsGroupChangePolicy)
        .returns(65532L, PodSecurityContext::getRunAsUser)
        .returns(true, PodSecurityContext::getRunAsNonRoot);
    assertThat(env(Gateways.of(null))).doesNotContainKeys("EG_SNAPSHOT_VOLUME");
    assertThat(pod(null).getSecurityContext().getFsGroup()).isEqualTo(65532);
  }

  @Test
  void clientsLaunchersAndSleepersReachTheGatewayThroughItsService() {
    assertThat(GatewayResources.service(Gateways.of(null)).getSpec().getPorts())
        .extracting(ServicePort::getName, ServicePort::getPort)
        .containsExactly(tuple("http", 8888), tuple("callback", 8877), tuple("snapshots", 8878));
  }

  @Test
  void theGatewaysPodMeetsTheRestrictedProfileOnARootThatIsNotWritten() {
    PodSpec pod = pod(null);

    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getContainers().getFirst().getSecurityContext())
        .returns(true, context -> context.getReadOnlyRootFilesystem())
        .returns(false, context -> context.getAllowPrivilegeEscalation())
        .returns(List.of("ALL"), context -> context.getCapabilities().getDrop());
  }

  @Test
  void stateIsKeptAsLongAsItsPodUnlessThereIsAVolume() {
    JupyterGatewaySpec stored = Gateways.spec("storage: {size: 20Gi, storageClassName: fast}");

    assertThat(GatewayResources.claim(Gateways.of(null))).isNull();
    assertThat(pod(null).getVolumes())
        .filteredOn(volume -> volume.getName().equals("state"))
        .singleElement()
        .returns(true, volume -> volume.getEmptyDir() != null);
    assertThat(pod(stored).getVolumes())
        .filteredOn(volume -> volume.getName().equals("state"))
        .singleElement()
        .returns("gw-state", volume -> volume.getPersistentVolumeClaim().getClaimName());
    assertThat(requireNonNull(GatewayResources.claim(Gateways.of(stored))))
        .returns("gw-state", claim -> claim.getMetadata().getName())
        .returns("fast", claim -> claim.getSpec().getStorageClassName())
        .returns(1, claim -> claim.getMetadata().getOwnerReferences().size());
  }

  @Test
  void whatBecomesOfIdleKernelsIsInTheEnvironment() {
    JupyterGatewaySpec spec = Gateways.spec("idle: {action: Delete, onLoss: KeepRunning}");

    assertThat(env(Gateways.of(spec)))
        .containsEntry("EG_IDLE_ACTION", "delete")
        .containsEntry("EG_HIBERNATE_ON_LOSS", "keep-running");
  }

  @Test
  void whatSleepingKernelsMayTakeIsInTheEnvironment() {
    JupyterGatewaySpec spec =
        Gateways.spec(
            """
            idle: {timeoutLimit: 7200}
            snapshots: {maxAge: 60, maxSize: 1G, maxSizePerUser: 2G, maxSizeTotal: 3G}
            """);

    assertThat(env(Gateways.of(spec)))
        .containsEntry("EG_CULL_IDLE_TIMEOUT_LIMIT", "7200")
        .containsEntry("EG_HIBERNATE_MAX_AGE", "60")
        .containsEntry("EG_HIBERNATE_MAX_BYTES", "1G")
        .containsEntry("EG_HIBERNATE_MAX_BYTES_PER_USER", "2G")
        .containsEntry("EG_HIBERNATE_MAX_BYTES_TOTAL", "3G");
  }

  @Test
  void theImageIsThatOfTheResourceElseTheOperatorsOwn() {
    JupyterGatewaySpec spec = Gateways.spec("image: theirs:1");

    GatewayImage image = new GatewayImage(IMAGE);
    assertThat(image.of(Gateways.of(spec))).isEqualTo("theirs:1");
    assertThat(image.of(Gateways.of(null))).isEqualTo(IMAGE);
    assertThat(pod(null).getContainers()).extracting(Container::getImage).containsOnly(IMAGE);
  }

  @Test
  void everythingGoesWhenTheGatewayGoes() {
    JupyterGateway gateway = Gateways.of(null);

    assertThat(
            List.of(
                GatewayResources.serviceAccount(gateway),
                GatewayResources.role(gateway),
                GatewayResources.roleBinding(gateway),
                GatewayResources.service(gateway),
                GatewayResources.deployment(gateway, IMAGE),
                GatewayPolicies.ofKernels(gateway),
                GatewayPolicies.ofGateway(gateway),
                GatewaySecret.fresh(gateway, new SecureRandom(), Instant.EPOCH)))
        .allSatisfy(object -> {
          assertThat(object.getMetadata().getNamespace()).isEqualTo("team");
          assertThat(object.getMetadata().getOwnerReferences())
              .singleElement()
              .returns("uid-of-gateway", owner -> owner.getUid());
        });
  }

  private static PodSpec pod(@Nullable JupyterGatewaySpec spec) {
    return GatewayResources.deployment(Gateways.of(spec), IMAGE).getSpec().getTemplate().getSpec();
  }

  private static Map<String, String> env(JupyterGateway gateway) {
    return GatewayResources.deployment(gateway, IMAGE)
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getEnv()
        .stream()
        .filter(each -> each.getValueFrom() == null)
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }
}
