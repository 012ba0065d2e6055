// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import io.elasticjupyter.api.ApiGroup;
import io.elasticjupyter.api.GatewayPorts;
import io.elasticjupyter.api.Images;
import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterGatewaySpec;
import io.elasticjupyter.api.JupyterKernelSpec;
import io.elasticjupyter.api.JupyterKernelSpecSpec;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.api.MountPaths;
import io.elasticjupyter.api.SnapshotStore;
import io.elasticjupyter.api.SnapshotVolume;
import io.elasticjupyter.api.Storage;
import io.elasticjupyter.operator.cluster.Claims;
import io.elasticjupyter.operator.cluster.HttpService;
import io.elasticjupyter.operator.cluster.Owned;
import io.elasticjupyter.operator.cluster.RestrictedPod;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The objects of one gateway, as functions of its resource. */
final class GatewayResources {

  private static final String COMPONENT = "gateway";
  private static final String CALLBACK = "callback";
  private static final String SNAPSHOTS = "snapshots";
  private static final long USER = 65532;
  private static final String SECRET_VOLUME = "secret";
  private static final String STATE_VOLUME = "state";
  private static final String STORE_VOLUME = "snapshot-store";
  private static final String SCRATCH_VOLUME = "tmp";
  private static final int READ_BY_GROUP = 0440;

  private GatewayResources() {}

  private static ObjectMeta metadata(JupyterGateway gateway) {
    return metadata(gateway, gateway.getMetadata().getName());
  }

  private static ObjectMeta metadata(JupyterGateway gateway, String name) {
    return Owned.metadata(gateway, name, COMPONENT, Labels.GATEWAY);
  }

  static ServiceAccount serviceAccount(JupyterGateway gateway) {
    return new ServiceAccountBuilder().withMetadata(metadata(gateway)).build();
  }

  /** Kernels as resources and what they can be started from: no Pods, no Secrets. */
  static Role role(JupyterGateway gateway) {
    return new RoleBuilder()
        .withMetadata(metadata(gateway))
        .withRules(
            new PolicyRuleBuilder()
                .withApiGroups(ApiGroup.NAME)
                .withResources("jupyterkernels")
                .withVerbs("get", "list", "watch", "create", "update", "patch", "delete")
                .build(),
            // Where the gateway notes that a kernel's variables are saved.
            new PolicyRuleBuilder()
                .withApiGroups(ApiGroup.NAME)
                .withResources("jupyterkernels/status")
                .withVerbs("patch")
                .build(),
            new PolicyRuleBuilder()
                .withApiGroups(ApiGroup.NAME)
                .withResources("jupyterkernelspecs", "jupyterkerneltemplates", "jupytergateways")
                .withVerbs("get", "list", "watch")
                .build())
        .build();
  }

  static RoleBinding roleBinding(JupyterGateway gateway) {
    return binding(gateway, gateway.getMetadata().getName(), "Role", metadata(gateway));
  }

  /** The right to Leases, by which replicas know of each other. */
  static RoleBinding replicasBinding(JupyterGateway gateway) {
    return binding(
        gateway,
        GatewayReplicas.CLUSTER_ROLE,
        "ClusterRole",
        metadata(gateway, gateway.getMetadata().getName() + "-replicas"));
  }

  /** Further rights that the administrator gives; null where none are named. */
  static @Nullable RoleBinding clusterRoleBinding(JupyterGateway gateway) {
    String clusterRole = spec(gateway).clusterRole();
    return clusterRole == null || clusterRole.isEmpty()
        ? null
        : binding(
            gateway,
            clusterRole,
            "ClusterRole",
            metadata(gateway, gateway.getMetadata().getName() + "-cluster-role"));
  }

  private static RoleBinding binding(
      JupyterGateway gateway, String role, String kind, ObjectMeta metadata) {
    return new RoleBindingBuilder()
        .withMetadata(metadata)
        .withNewRoleRef()
        .withApiGroup("rbac.authorization.k8s.io")
        .withKind(kind)
        .withName(role)
        .endRoleRef()
        .addNewSubject()
        .withKind("ServiceAccount")
        .withName(gateway.getMetadata().getName())
        .withNamespace(gateway.getMetadata().getNamespace())
        .endSubject()
        .build();
  }

  static Service service(JupyterGateway gateway) {
    return new ServiceBuilder(HttpService.of(gateway, COMPONENT, Labels.GATEWAY))
        .editSpec()
        .addNewPort()
        .withName(CALLBACK)
        .withPort(GatewayPorts.CALLBACK)
        .withNewTargetPort(GatewayPorts.CALLBACK)
        .endPort()
        .addNewPort()
        .withName(SNAPSHOTS)
        .withPort(GatewayPorts.SNAPSHOTS)
        .withNewTargetPort(GatewayPorts.SNAPSHOTS)
        .endPort()
        .endSpec()
        .build();
  }

  static Deployment deployment(JupyterGateway gateway, String image) {
    Map<String, String> labels = Owned.labels(gateway, COMPONENT, Labels.GATEWAY);
    return new DeploymentBuilder()
        .withMetadata(metadata(gateway))
        .withNewSpec()
        .withReplicas(GatewayReplicas.count(gateway))
        .withStrategy(GatewayReplicas.strategy(gateway))
        .withNewSelector()
        .withMatchLabels(labels)
        .endSelector()
        .withNewTemplate()
        .withMetadata(new ObjectMetaBuilder().withLabels(labels).build())
        .withSpec(pod(gateway, image))
        .endTemplate()
        .endSpec()
        .build();
  }

  private static PodSpec pod(JupyterGateway gateway, String image) {
    PodSpecBuilder plain =
        new PodSpecBuilder()
            .withServiceAccountName(gateway.getMetadata().getName())
            .withEnableServiceLinks(false)
            .withTerminationGracePeriodSeconds(GatewayReplicas.grace(gateway))
            .withContainers(container(gateway, image))
            .addNewVolume()
            .withName(SECRET_VOLUME)
            .withNewSecret()
            .withSecretName(GatewaySecret.name(gateway.getMetadata().getName()))
            .withDefaultMode(READ_BY_GROUP)
            .endSecret()
            .endVolume()
            .addToVolumes(state(gateway), Claims.scratch(SCRATCH_VOLUME));
    SnapshotStore store = store(spec(gateway));
    if (store != null) {
      plain
          .addNewVolume()
          .withName(STORE_VOLUME)
          .withNewSecret()
          .withSecretName(store.secretName())
          .withDefaultMode(READ_BY_GROUP)
          .endSecret()
          .endVolume();
    }
    SnapshotVolume volume = volume(spec(gateway));
    if (volume != null) {
      plain
          .addToVolumes(Claims.volume(SNAPSHOTS, volume.claimName()))
          .withNewSecurityContext()
          .withFsGroup(SnapshotVolume.GROUP)
          .withFsGroupChangePolicy(Claims.CHANGE_OWNERS_ONCE)
          .endSecurityContext();
    }
    return RestrictedPod.of(plain.build(), USER, USER);
  }

  private static Volume state(JupyterGateway gateway) {
    return spec(gateway).storage() == null
        ? Claims.scratch(STATE_VOLUME)
        : Claims.volume(STATE_VOLUME, claimName(gateway));
  }

  /** What outlives the gateway's Pod; null where nothing is to. */
  static @Nullable PersistentVolumeClaim claim(JupyterGateway gateway) {
    Storage storage = spec(gateway).storage();
    return storage == null ? null : Claims.of(storage, metadata(gateway, claimName(gateway)));
  }

  private static String claimName(JupyterGateway gateway) {
    return gateway.getMetadata().getName() + "-state";
  }

  private static Container container(JupyterGateway gateway, String image) {
    JupyterGatewaySpec spec = spec(gateway);
    ContainerBuilder container =
        new ContainerBuilder()
            .withName(COMPONENT)
            .withImage(image)
            .withArgs("gateway")
            .withEnv(environment(gateway, spec))
            .withResources(spec.resources())
            .addNewPort()
            .withName("http")
            .withContainerPort(HttpService.PORT)
            .endPort()
            .addNewPort()
            .withName(CALLBACK)
            .withContainerPort(GatewayPorts.CALLBACK)
            .endPort()
            .addNewPort()
            .withName(SNAPSHOTS)
            .withContainerPort(GatewayPorts.SNAPSHOTS)
            .endPort()
            .withNewReadinessProbe()
            // Not HTTP: every route of an Enterprise Gateway wants the token, as ours does.
            .withNewTcpSocket()
            .withNewPort(HttpService.PORT)
            .endTcpSocket()
            .withPeriodSeconds(1)
            .withFailureThreshold(3)
            .endReadinessProbe()
            .withTerminationMessagePolicy("FallbackToLogsOnError")
            .withNewSecurityContext()
            .withReadOnlyRootFilesystem(true)
            .endSecurityContext();
    GatewayReplicas.addPort(container, gateway);
    mount(container, SECRET_VOLUME, MountPaths.GATEWAY_SECRET, true);
    if (store(spec) != null) {
      mount(container, STORE_VOLUME, MountPaths.SNAPSHOT_STORE, true);
    }
    if (volume(spec) != null) {
      mount(container, SNAPSHOTS, MountPaths.SNAPSHOT_VOLUME, false);
    }
    mount(container, STATE_VOLUME, MountPaths.GATEWAY_STATE, false);
    mount(container, SCRATCH_VOLUME, "/tmp", false);
    return container.build();
  }

  private static void mount(
      ContainerBuilder container, String volume, String path, boolean readOnly) {
    container
        .addNewVolumeMount()
        .withName(volume)
        .withMountPath(path)
        .withReadOnly(readOnly)
        .endVolumeMount();
  }

  /** The names that Enterprise Gateway's images read as well; the token is in a file. */
  private static List<EnvVar> environment(JupyterGateway gateway, JupyterGatewaySpec spec) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("EG_IP", "0.0.0.0");
    env.put("EG_PORT", String.valueOf(HttpService.PORT));
    env.put("EG_RESPONSE_PORT", String.valueOf(GatewayPorts.CALLBACK));
    env.put("EG_NAMESPACE", gateway.getMetadata().getNamespace());
    env.put("EG_NAME", gateway.getMetadata().getName());
    env.put("ELASTIC_JUPYTER_GATEWAY", gateway.getMetadata().getName());
    env.put("EG_LIST_KERNELS", "True");
    put(env, "EG_CULL_IDLE_TIMEOUT", spec.cullIdleTimeout());
    put(env, "EG_CULL_INTERVAL", spec.cullInterval());
    JupyterGatewaySpec.Idle idle = spec.idle();
    env.put("EG_CULL_CONNECTED", flag(idle == null ? null : idle.connected(), true));
    env.put("EG_CULL_BUSY", flag(idle == null ? null : idle.busy(), false));
    if (idle != null) {
      put(env, "EG_IDLE_ACTION", option(idle.action()));
      put(env, "EG_HIBERNATE_ON_LOSS", option(idle.onLoss()));
      put(env, "EG_CULL_IDLE_TIMEOUT_LIMIT", idle.timeoutLimit());
    }
    JupyterGatewaySpec.Snapshots snapshots = spec.snapshots();
    if (snapshots != null) {
      put(env, "EG_HIBERNATE_MAX_AGE", snapshots.maxAge());
      put(env, "EG_HIBERNATE_MAX_BYTES", snapshots.maxSize());
      put(env, "EG_HIBERNATE_MAX_BYTES_PER_USER", snapshots.maxSizePerUser());
      put(env, "EG_HIBERNATE_MAX_BYTES_TOTAL", snapshots.maxSizeTotal());
    }
    put(env, store(spec));
    SnapshotVolume volume = volume(spec);
    if (volume != null) {
      env.put("EG_SNAPSHOT_VOLUME", MountPaths.SNAPSHOT_VOLUME);
      put(env, "EG_SNAPSHOT_LOADING", option(volume.loading()));
    }
    put(env, "EG_LOG_LEVEL", spec.logLevel());
    put(env, "EG_DEFAULT_KERNEL_NAME", spec.defaultKernel());
    if (spec.kernels() != null && !spec.kernels().isEmpty()) {
      env.put("EG_ALLOWED_KERNELS", String.join(",", spec.kernels()));
      env.putIfAbsent("EG_DEFAULT_KERNEL_NAME", spec.kernels().getFirst());
    }
    List<EnvVar> list = new ArrayList<>();
    env.forEach((name, value) -> list.add(new EnvVar(name, value, null)));
    list.addAll(GatewayReplicas.environment(gateway));
    return list;
  }

  private static @Nullable SnapshotStore store(JupyterGatewaySpec spec) {
    return spec.snapshots() == null ? null : spec.snapshots().store();
  }

  private static @Nullable SnapshotVolume volume(JupyterGatewaySpec spec) {
    return spec.snapshots() == null ? null : spec.snapshots().volume();
  }

  private static void put(Map<String, String> env, @Nullable SnapshotStore store) {
    if (store != null) {
      env.put("EG_SNAPSHOT_STORE", store.endpoint());
      env.put("EG_SNAPSHOT_BUCKET", store.bucket());
      put(env, "EG_SNAPSHOT_PREFIX", store.prefix());
      put(env, "EG_SNAPSHOT_REGION", store.region());
      env.put("EG_SNAPSHOT_PATH_STYLE", flag(store.pathStyle(), true));
      env.put("EG_SNAPSHOT_CREDENTIALS", MountPaths.SNAPSHOT_STORE);
    }
  }

  private static void put(Map<String, String> env, String name, @Nullable Object value) {
    if (value != null) {
      env.put(name, value.toString());
    }
  }

  /** A choice as the program's option has it. */
  private static @Nullable String option(@Nullable Enum<?> choice) {
    return choice == null ? null : choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String flag(@Nullable Boolean given, boolean fallback) {
    return Objects.requireNonNullElse(given, fallback) ? "True" : "False";
  }

  /** What a user finds who made no kernelspec: Python. */
  static JupyterKernelSpec defaultKernelSpec(JupyterGateway gateway) {
    JupyterKernelSpec kernelspec = new JupyterKernelSpec();
    kernelspec.setMetadata(
        new ObjectMetaBuilder()
            .withName("python3")
            .withNamespace(gateway.getMetadata().getNamespace())
            .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_OPERATOR)
            .withOwnerReferences(Owned.reference(gateway))
            .build());
    kernelspec.setSpec(
        new JupyterKernelSpecSpec(
            "python",
            "Python 3",
            Images.KERNEL_PYTHON,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null));
    return kernelspec;
  }

  private static JupyterGatewaySpec spec(JupyterGateway gateway) {
    return Objects.requireNonNullElseGet(gateway.getSpec(), JupyterGatewaySpec::empty);
  }
}
