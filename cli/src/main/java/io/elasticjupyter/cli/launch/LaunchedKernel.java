// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.launch;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelSpec;
import io.elasticjupyter.api.Labels;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The JupyterKernel that a launch becomes. Pure: nothing is asked or written here. */
final class LaunchedKernel {

  /** By which Enterprise Gateway finds the Pod of its kernel (its Kubernetes process proxy). */
  private static final Map<String, String> LABELS_OF_ENTERPRISE_GATEWAY =
      Map.of("app", "enterprise-gateway", "component", "kernel");

  private static final String KERNEL_ID_LABEL = "kernel_id";

  private LaunchedKernel() {}

  /**
   * The kernel's resource.
   *
   * @param template the Pod it starts from; its first container becomes the kernel's
   * @param gateway its owner; none where Enterprise Gateway is not there for a JupyterGateway
   * @param run 1, or one more than that of the resource that is there already
   */
  static JupyterKernel of(
      LaunchRequest request, PodTemplateSpec template, Optional<JupyterGateway> gateway, int run) {
    JupyterKernel kernel = new JupyterKernel();
    kernel.setMetadata(
        new ObjectMetaBuilder()
            .withName(request.name())
            .withNamespace(request.namespace())
            .withLabels(labels(request))
            .withOwnerReferences(gateway.map(owner -> owners(request, owner)).orElse(List.of()))
            .build());
    kernel.setSpec(
        new KernelSpec(
            template(request, template),
            request.gateway().orElse(null),
            null,
            request.kernelId(),
            request.user(),
            null,
            run,
            KernelSpec.OperatingMode.RUNNING));
    return kernel;
  }

  private static Map<String, String> labels(LaunchRequest request) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(Labels.LIFE, Labels.LIFE_OF_POD);
    labels.put(Labels.KERNEL_ID, request.kernelId());
    labels.put(Labels.COMPONENT, "kernel");
    request.gateway().ifPresent(name -> labels.put(Labels.GATEWAY, name));
    return labels;
  }

  /** An owner must live in the namespace of what it owns. */
  private static List<OwnerReference> owners(LaunchRequest request, JupyterGateway gateway) {
    if (!request.namespace().equals(request.gatewayNamespace())) {
      return List.of();
    }
    return List.of(
        new OwnerReferenceBuilder()
            .withApiVersion(gateway.getApiVersion())
            .withKind(gateway.getKind())
            .withName(gateway.getMetadata().getName())
            .withUid(gateway.getMetadata().getUid())
            .withController(true)
            .withBlockOwnerDeletion(true)
            .build());
  }

  private static PodTemplateSpec template(LaunchRequest request, PodTemplateSpec given) {
    List<Container> containers = new ArrayList<>();
    if (given.getSpec() != null) {
      containers.addAll(given.getSpec().getContainers());
    }
    Container first =
        containers.isEmpty()
            ? new ContainerBuilder().withName("kernel").build()
            : containers.removeFirst();
    containers.addFirst(kernelContainer(request, first));
    return new PodTemplateSpecBuilder(given)
        .editOrNewMetadata()
        .addToLabels(LABELS_OF_ENTERPRISE_GATEWAY)
        .addToLabels(KERNEL_ID_LABEL, request.kernelId())
        .endMetadata()
        .editOrNewSpec()
        .withContainers(containers)
        .endSpec()
        .build();
  }

  private static Container kernelContainer(LaunchRequest request, Container given) {
    Map<String, String> handed = environment(request);
    List<EnvVar> env = new ArrayList<>();
    if (given.getEnv() != null) {
      given.getEnv().stream().filter(each -> !handed.containsKey(each.getName())).forEach(env::add);
    }
    handed.forEach((name, value) -> env.add(new EnvVar(name, value, null)));
    ContainerBuilder container = new ContainerBuilder(given).withEnv(env);
    request.image().ifPresent(container::withImage);
    return container.build();
  }

  /**
   * Every KERNEL_ name, as users of Enterprise Gateway expect, and what the bootstrap script in a
   * kernel image reads; both spellings, since images of Enterprise Gateway 2 read the names with a
   * prefix and those of 3 the names without one. Of the rest nothing: it has the gateway's secrets.
   */
  private static Map<String, String> environment(LaunchRequest request) {
    Map<String, String> env = new TreeMap<>();
    request
        .environment()
        .forEach((name, value) -> {
          if (name.startsWith("KERNEL_")) {
            // $(NAME) in a value would be replaced by the kubelet; a client's text stays what it
            // is.
            env.put(name, value.replace("$(", "$$("));
          }
        });
    env.put("KERNEL_ID", request.kernelId());
    env.put("KERNEL_NAMESPACE", request.namespace());
    env.put("KERNEL_USERNAME", request.user());
    env.put("KERNEL_SPARK_CONTEXT_INIT_MODE", request.sparkMode());
    env.put("PORT_RANGE", request.portRange());
    env.put("RESPONSE_ADDRESS", request.responseAddress());
    env.put("PUBLIC_KEY", request.publicKey());
    env.put("EG_PORT_RANGE", request.portRange());
    env.put("EG_RESPONSE_ADDRESS", request.responseAddress());
    env.put("EG_PUBLIC_KEY", request.publicKey());
    env.values().removeIf(String::isBlank);
    return env;
  }
}
