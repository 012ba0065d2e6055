// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelSpec;
import io.elasticjupyter.api.KernelSpec.OperatingMode;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JupyterKernel that a kernel is asked for by. Pure. */
final class KernelResource {

  private static final String DEFAULT_USER = "jovyan";

  /** With the id and a hyphen behind it no longer than a label's value and a host's name may be. */
  private static final int LONGEST_USER = 26;

  private KernelResource() {}

  /** {@code USER-ID}, in characters that a Pod's name may have. */
  static String name(LaunchRequest request) {
    String user =
        user(request).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-").replaceAll("^-+", "");
    String shortened =
        user.substring(0, Math.min(user.length(), LONGEST_USER)).replaceAll("-+$", "");
    return (shortened.isEmpty() ? DEFAULT_USER : shortened) + "-" + request.id().value();
  }

  private static String user(LaunchRequest request) {
    String given = request.env().getOrDefault("KERNEL_USERNAME", "");
    return given.isBlank() ? DEFAULT_USER : given;
  }

  static JupyterKernel first(
      String name,
      LaunchRequest request,
      KubernetesSettings settings,
      Optional<OwnerReference> owner) {
    JupyterKernel kernel = new JupyterKernel();
    kernel.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(settings.namespace())
            .withLabels(
                Map.of(
                    Labels.GATEWAY,
                    settings.gateway(),
                    Labels.KERNEL_ID,
                    request.id().value(),
                    Labels.KERNEL_SPEC,
                    Labels.value(request.spec().name()),
                    Labels.COMPONENT,
                    "kernel"))
            .withAnnotations(
                settings.replica().isEmpty()
                    ? Map.of()
                    : Map.of(Labels.REPLICA, settings.replica()))
            .withOwnerReferences(owner.map(List::of).orElseGet(List::of))
            .build());
    kernel.setSpec(
        new KernelSpec(
            null,
            settings.gateway(),
            request.spec().name(),
            request.id().value(),
            user(request),
            request.env(),
            1,
            OperatingMode.RUNNING));
    return kernel;
  }

  /** The next run, from the kernelspec that is wanted now. */
  static KernelSpec next(JupyterKernel kernel, LaunchRequest request) {
    return with(kernel.getSpec(), request.spec().name(), run(kernel) + 1, OperatingMode.RUNNING);
  }

  /** The same kernel in another mode. */
  static KernelSpec with(KernelSpec spec, int run, OperatingMode mode) {
    return with(spec, spec.kernelSpec(), run, mode);
  }

  /** Nothing but what the kernel is: wishes are taken back. */
  static KernelSpec asItIs(JupyterKernel kernel, String kernelspec) {
    return with(
        kernel.getSpec(),
        kernelspec,
        run(kernel),
        SleepOfResource.isAsleep(kernel) ? OperatingMode.HIBERNATED : OperatingMode.RUNNING);
  }

  private static KernelSpec with(
      KernelSpec spec, @Nullable String kernelspec, int run, OperatingMode mode) {
    return new KernelSpec(
        spec.template(),
        spec.gateway(),
        kernelspec,
        spec.kernelId(),
        spec.user(),
        spec.env(),
        run,
        mode);
  }

  /** The kernel's id, as clients know it; empty where it has none, or none that could be. */
  static Optional<KernelId> id(JupyterKernel kernel) {
    return KernelId.parse(Objects.requireNonNullElse(kernel.getSpec().kernelId(), ""));
  }

  static int run(JupyterKernel kernel) {
    return Objects.requireNonNullElse(kernel.getSpec().run(), 1);
  }
}
