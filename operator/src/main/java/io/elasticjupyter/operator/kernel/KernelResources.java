// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.elasticjupyter.api.JupyterGatewaySpec;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.JupyterKernelSpecSpec;
import io.elasticjupyter.api.KernelPorts;
import io.elasticjupyter.api.KernelReason;
import io.elasticjupyter.api.KernelSpec;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.api.LaunchMode;
import io.elasticjupyter.api.MountPaths;
import io.elasticjupyter.api.SnapshotVolume;
import io.elasticjupyter.api.wishes.ClientNames;
import io.elasticjupyter.api.wishes.ClientWishes;
import io.elasticjupyter.api.wishes.WishRefused;
import io.elasticjupyter.operator.cluster.Claims;
import io.elasticjupyter.operator.cluster.Owned;
import io.elasticjupyter.operator.cluster.ReadOnlyRoot;
import io.elasticjupyter.operator.cluster.RestrictedPod;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The objects of one kernel, as functions of the resources that describe it. */
final class KernelResources {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String COMPONENT = "kernel";
  private static final String CALLBACK = "callback";
  private static final String VOLUME = "elastic-jupyter-connection";
  private static final String SNAPSHOT_VOLUME = "elastic-jupyter-snapshot";
  private static final String FOLDER_VOLUME = "elastic-jupyter-snapshots";
  private static final int READ_BY_GROUP = 0440;

  private KernelResources() {}

  static String connectionSecretName(JupyterKernel kernel) {
    return kernel.getMetadata().getName() + "-connection";
  }

  /** What the kernel reads and the gateway derives for itself. */
  static Secret connectionSecret(JupyterKernel kernel, String key) {
    Map<String, Object> connection = new LinkedHashMap<>();
    connection.put("ip", "0.0.0.0");
    connection.put("transport", "tcp");
    connection.put("shell_port", KernelPorts.SHELL);
    connection.put("iopub_port", KernelPorts.IOPUB);
    connection.put("stdin_port", KernelPorts.STDIN);
    connection.put("control_port", KernelPorts.CONTROL);
    connection.put("hb_port", KernelPorts.HEARTBEAT);
    connection.put("signature_scheme", "hmac-sha256");
    connection.put("key", key);
    connection.put("kernel_name", Objects.requireNonNullElse(kernel.getSpec().kernelSpec(), ""));
    try {
      return new SecretBuilder()
          .withMetadata(
              Owned.metadata(kernel, connectionSecretName(kernel), COMPONENT, Labels.KERNEL))
          .withStringData(Map.of(MountPaths.CONNECTION_FILE, JSON.writeValueAsString(connection)))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts and numbers is JSON", e);
    }
  }

  /** The Pod of a kernel that was made by hand or by a launcher: its template, whole. */
  static Pod podOfTemplate(JupyterKernel kernel, PodTemplateSpec template) throws KernelRefused {
    PodSpec spec = Objects.requireNonNullElseGet(template.getSpec(), PodSpec::new);
    if (spec.getContainers().isEmpty()) {
      throw KernelRefused.forever(
          KernelReason.POD_REFUSED, "spec.template of the JupyterKernel has no container.");
    }
    return pod(kernel, template, spec, wishes(kernel, Map.of(), null), Map.of());
  }

  /** The Pod of a kernel that is started from a kernelspec. */
  static Pod podOfKernelspec(
      JupyterKernel kernel,
      JupyterKernelSpecSpec kernelspec,
      @Nullable PodTemplateSpec template,
      @Nullable JupyterGatewaySpec gateway,
      Launch launch)
      throws KernelRefused {
    PodTemplateSpec from = Objects.requireNonNullElseGet(template, PodTemplateSpec::new);
    PodSpec spec = Objects.requireNonNullElseGet(from.getSpec(), PodSpec::new);
    ClientWishes wishes = wishes(kernel, env(kernel), gateway == null ? null : gateway.clients());
    List<Container> containers = new ArrayList<>(spec.getContainers());
    Container first =
        containers.isEmpty()
            ? new ContainerBuilder().withName(COMPONENT).build()
            : containers.removeFirst();
    containers.addFirst(container(kernel, kernelspec, first, wishes, launch));
    PodSpecBuilder filled =
        new PodSpecBuilder(spec)
            .withContainers(containers)
            .addAllToVolumes(wishes.volumes())
            .addToVolumes(Claims.scratch(SNAPSHOT_VOLUME));
    SnapshotVolume snapshots =
        gateway == null || gateway.snapshots() == null ? null : gateway.snapshots().volume();
    if (snapshots != null) {
      mountOwnFolder(kernel, snapshots, filled);
    }
    return switch (launch) {
      case Launch.Direct() ->
          pod(kernel, from, filled.addToVolumes(connection(kernel)).build(), wishes, Map.of());
      case Launch.Callback _ -> pod(kernel, from, filled.build(), wishes, callbackLabels(kernel));
    };
  }

  /**
   * The kernel's folder of the volume and nothing beside it. What it writes there is the group's by
   * which the gateway reads and removes it.
   */
  private static void mountOwnFolder(
      JupyterKernel kernel, SnapshotVolume snapshots, PodSpecBuilder pod) {
    PodSecurityContext given =
        Objects.requireNonNullElseGet(pod.buildSecurityContext(), PodSecurityContext::new);
    PodSecurityContextBuilder context = new PodSecurityContextBuilder(given);
    if (given.getFsGroup() == null) {
      context.withFsGroup(SnapshotVolume.GROUP);
    } else if (given.getFsGroup() != SnapshotVolume.GROUP) {
      context.addToSupplementalGroups(SnapshotVolume.GROUP);
    }
    if (given.getFsGroupChangePolicy() == null) {
      context.withFsGroupChangePolicy(Claims.CHANGE_OWNERS_ONCE);
    }
    KernelSpec spec = kernel.getSpec();
    VolumeMount own =
        new VolumeMountBuilder()
            .withName(FOLDER_VOLUME)
            .withMountPath(MountPaths.SNAPSHOT_FOLDER)
            .withSubPath(
                SnapshotVolume.folder(
                    Objects.requireNonNullElse(spec.gateway(), ""),
                    Objects.requireNonNullElse(spec.kernelId(), "")))
            .build();
    pod.addToVolumes(Claims.volume(FOLDER_VOLUME, snapshots.claimName()))
        .withSecurityContext(context.build())
        .editFirstContainer()
        .addToVolumeMounts(own)
        .endContainer();
  }

  private static Volume connection(JupyterKernel kernel) {
    return new VolumeBuilder()
        .withName(VOLUME)
        .withNewSecret()
        .withSecretName(connectionSecretName(kernel))
        .withDefaultMode(READ_BY_GROUP)
        .endSecret()
        .build();
  }

  private static Map<String, String> callbackLabels(JupyterKernel kernel) {
    Map<String, String> labels = new HashMap<>(CallbackEnvironment.LABELS);
    labels.put("kernel_id", Objects.requireNonNullElse(kernel.getSpec().kernelId(), ""));
    labels.put(Labels.LAUNCH_MODE, CALLBACK);
    return labels;
  }

  /** How a Pod that is there was started. */
  static LaunchMode launchMode(Pod pod) {
    return CALLBACK.equals(pod.getMetadata().getLabels().get(Labels.LAUNCH_MODE))
        ? LaunchMode.CALLBACK
        : LaunchMode.DIRECT;
  }

  private static ClientWishes wishes(
      JupyterKernel kernel, Map<String, String> env, JupyterGatewaySpec.@Nullable Clients bounds)
      throws KernelRefused {
    try {
      ClientNames.check(env, kernel.getMetadata().getNamespace());
      return ClientWishes.of(env, bounds);
    } catch (WishRefused e) {
      throw KernelRefused.forever(KernelReason.NOT_ALLOWED, e.sentence());
    }
  }

  private static Pod pod(
      JupyterKernel kernel,
      PodTemplateSpec template,
      PodSpec spec,
      ClientWishes wishes,
      Map<String, String> labels) {
    PodSpecBuilder filled =
        new PodSpecBuilder(RestrictedPod.of(ReadOnlyRoot.of(spec), wishes.user(), wishes.group()))
            // The operator decides whether a kernel is started again, so that its user is told.
            .withRestartPolicy("Never")
            .withEnableServiceLinks(false);
    if (spec.getAutomountServiceAccountToken() == null && spec.getServiceAccountName() == null) {
      filled.withAutomountServiceAccountToken(false);
    }
    if (spec.getTerminationGracePeriodSeconds() == null) {
      filled.withTerminationGracePeriodSeconds(
          (kernel.getSpec().gateway() == null ? LeavingPod.SHORT_GRACE : LeavingPod.GRACE)
              .toSeconds());
    }
    return new PodBuilder()
        .withMetadata(metadata(kernel, template, labels))
        .withSpec(filled.build())
        .build();
  }

  private static ObjectMeta metadata(
      JupyterKernel kernel, PodTemplateSpec template, Map<String, String> labels) {
    ObjectMeta given = Objects.requireNonNullElseGet(template.getMetadata(), ObjectMeta::new);
    KernelSpec spec = kernel.getSpec();
    ObjectMetaBuilder metadata =
        new ObjectMetaBuilder(
                Owned.metadata(kernel, kernel.getMetadata().getName(), COMPONENT, Labels.KERNEL))
            .addToLabels(Labels.RUN, String.valueOf(run(spec)))
            .addToLabels(labels);
    if (given.getLabels() != null) {
      given
          .getLabels()
          .forEach((label, value) -> {
            if (!metadata.getLabels().containsKey(label)) {
              metadata.addToLabels(label, value);
            }
          });
    }
    if (given.getAnnotations() != null) {
      metadata.addToAnnotations(given.getAnnotations());
    }
    if (spec.kernelId() != null) {
      metadata.addToLabels(Labels.KERNEL_ID, spec.kernelId());
    }
    if (spec.gateway() != null) {
      metadata.addToLabels(Labels.GATEWAY, Labels.value(spec.gateway()));
    }
    if (spec.kernelSpec() != null) {
      metadata.addToLabels(Labels.KERNEL_SPEC, Labels.value(spec.kernelSpec()));
    }
    return metadata.build();
  }

  /** The run that is wanted; 1 where nobody said. */
  static int run(KernelSpec spec) {
    return Objects.requireNonNullElse(spec.run(), 1);
  }

  private static Map<String, String> env(JupyterKernel kernel) {
    return Objects.requireNonNullElse(kernel.getSpec().env(), Map.of());
  }

  private static Container container(
      JupyterKernel kernel,
      JupyterKernelSpecSpec kernelspec,
      Container given,
      ClientWishes wishes,
      Launch launch)
      throws KernelRefused {
    String image = wishes.image().orElse(kernelspec.image());
    if (image == null) {
      image = given.getImage();
    }
    if (image == null || image.isEmpty()) {
      throw KernelRefused.forever(
          KernelReason.IMAGE_MISSING,
          "Neither spec.image of the JupyterKernelSpec nor its template names an image.");
    }
    String id = Objects.requireNonNullElse(kernel.getSpec().kernelId(), "");
    ContainerBuilder filled = new ContainerBuilder(given);
    if (given.getTerminationMessagePolicy() == null) {
      // What a kernel complained of when it failed is the best reason that its user can be told.
      filled.withTerminationMessagePolicy("FallbackToLogsOnError");
    }
    filled
        .withImage(image)
        .withCommand(KernelCommand.of(kernelspec, id, launch))
        .withArgs()
        .withEnv(environment(kernel, kernelspec, given, launch))
        .withResources(over(over(given.getResources(), kernelspec.resources()), wishes.resources()))
        .addAllToVolumeMounts(wishes.mounts())
        .addNewVolumeMount()
        .withName(SNAPSHOT_VOLUME)
        .withMountPath(MountPaths.SNAPSHOT)
        .endVolumeMount();
    return switch (launch) {
      case Launch.Direct() ->
          filled
              .addNewVolumeMount()
              .withName(VOLUME)
              .withMountPath(MountPaths.CONNECTION)
              .withReadOnly(true)
              .endVolumeMount()
              .build();
      case Launch.Callback _ -> filled.build();
    };
  }

  /** Template, kernelspec, client, system: the later wins. */
  private static List<EnvVar> environment(
      JupyterKernel kernel, JupyterKernelSpecSpec kernelspec, Container given, Launch launch) {
    Map<String, EnvVar> env = new LinkedHashMap<>();
    if (given.getEnv() != null) {
      given.getEnv().forEach(each -> env.put(each.getName(), each));
    }
    if (kernelspec.env() != null) {
      kernelspec.env().forEach(each -> env.put(each.getName(), each));
    }
    // $(NAME) in a value would be replaced by the kubelet; a client's text stays what it is.
    env(kernel)
        .forEach(
            (name, value) -> env.put(name, new EnvVar(name, value.replace("$(", "$$("), null)));
    Map<String, String> system = new LinkedHashMap<>();
    system.put("KERNEL_GATEWAY", "1");
    system.put("KERNEL_ID", Objects.requireNonNullElse(kernel.getSpec().kernelId(), ""));
    system.put("KERNEL_NAMESPACE", kernel.getMetadata().getNamespace());
    system.put("KERNEL_USERNAME", Objects.requireNonNullElse(kernel.getSpec().user(), "jovyan"));
    if (launch instanceof Launch.Callback callback) {
      system.putAll(CallbackEnvironment.of(kernel, callback));
    }
    system.forEach((name, value) -> env.put(name, new EnvVar(name, value, null)));
    env.putIfAbsent("KERNEL_LANGUAGE", new EnvVar("KERNEL_LANGUAGE", kernelspec.language(), null));
    return List.copyOf(env.values());
  }

  /** The one with what the other names put over it, resource by resource. */
  private static ResourceRequirements over(
      @Nullable ResourceRequirements below, @Nullable ResourceRequirements above) {
    ResourceRequirementsBuilder both =
        below == null ? new ResourceRequirementsBuilder() : new ResourceRequirementsBuilder(below);
    if (above != null) {
      both.addToRequests(Objects.requireNonNullElse(above.getRequests(), Map.of()));
      both.addToLimits(Objects.requireNonNullElse(above.getLimits(), Map.of()));
    }
    return both.build();
  }
}
