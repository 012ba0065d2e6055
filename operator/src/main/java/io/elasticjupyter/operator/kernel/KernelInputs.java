// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.CallbackKeys;
import io.elasticjupyter.api.GatewayPorts;
import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterGatewaySpec;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.JupyterKernelSpec;
import io.elasticjupyter.api.JupyterKernelTemplate;
import io.elasticjupyter.api.KernelKeys;
import io.elasticjupyter.api.KernelReason;
import io.elasticjupyter.api.KernelSpec;
import io.elasticjupyter.api.LaunchMode;
import io.elasticjupyter.api.MountPaths;
import io.elasticjupyter.api.ObjectName;
import io.elasticjupyter.operator.gateway.GatewaySecret;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what a kernel's Pod is made from; what is missing is named. */
final class KernelInputs {

  /** Looks a resource up by its kind, namespace and name. */
  interface Lookup {
    <T extends HasMetadata> @Nullable T find(Class<T> kind, String namespace, String name);
  }

  private final Lookup lookup;

  KernelInputs(Lookup lookup) {
    this.lookup = lookup;
  }

  /**
   * What shall be there for a kernel.
   *
   * @param connection null for a kernel that brings its own
   */
  record Desired(Pod pod, @Nullable Secret connection) {}

  Desired desired(JupyterKernel kernel) throws KernelRefused {
    KernelSpec spec = kernel.getSpec();
    if (spec.kernelSpec() == null) {
      return new Desired(
          KernelResources.podOfTemplate(
              kernel, Objects.requireNonNullElseGet(spec.template(), PodTemplateSpec::new)),
          null);
    }
    String namespace = kernel.getMetadata().getNamespace();
    String gatewayName = Objects.requireNonNullElse(spec.gateway(), "");
    JupyterGateway gateway =
        find(JupyterGateway.class, namespace, gatewayName, KernelReason.GATEWAY_MISSING);
    JupyterKernelSpec kernelspec =
        find(
            JupyterKernelSpec.class,
            namespace,
            spec.kernelSpec(),
            KernelReason.KERNEL_SPEC_MISSING);
    PodTemplateSpec template = template(kernelspec);
    JupyterGatewaySpec gatewaySpec = gateway.getSpec();
    return switch (LaunchMode.of(kernelspec.getSpec())) {
      case DIRECT ->
          new Desired(
              KernelResources.podOfKernelspec(
                  kernel, kernelspec.getSpec(), template, gatewaySpec, new Launch.Direct()),
              KernelResources.connectionSecret(
                  kernel,
                  KernelKeys.derive(
                      secret(namespace, gatewayName, MountPaths.GATEWAY_KERNEL_KEY),
                      namespace,
                      Objects.requireNonNullElse(spec.kernelId(), ""))));
      case CALLBACK ->
          new Desired(
              KernelResources.podOfKernelspec(
                  kernel,
                  kernelspec.getSpec(),
                  template,
                  gatewaySpec,
                  new Launch.Callback(
                      "%s.%s:%d".formatted(gatewayName, namespace, GatewayPorts.CALLBACK),
                      CallbackKeys.publicKey(
                          secret(namespace, gatewayName, MountPaths.GATEWAY_CALLBACK_KEY)))),
              null);
    };
  }

  private @Nullable PodTemplateSpec template(JupyterKernelSpec kernelspec) throws KernelRefused {
    ObjectName name = kernelspec.getSpec().template();
    if (name == null) {
      return null;
    }
    return find(
            JupyterKernelTemplate.class,
            name.namespaceOr(kernelspec.getMetadata().getNamespace()),
            name.name(),
            KernelReason.TEMPLATE_MISSING)
        .getSpec()
        .template();
  }

  private byte[] secret(String namespace, String gateway, String entry) throws KernelRefused {
    String name = GatewaySecret.name(gateway);
    Secret secret = lookup.find(Secret.class, namespace, name);
    String value = secret == null ? null : secret.getData().get(entry);
    if (value == null) {
      throw KernelRefused.forNow(
          KernelReason.GATEWAY_MISSING,
          "The entry %s of the gateway's Secret %s/%s is not there yet."
              .formatted(entry, namespace, name));
    }
    return Base64.getDecoder().decode(value);
  }

  private <T extends HasMetadata> T find(
      Class<T> kind, String namespace, String name, KernelReason reason) throws KernelRefused {
    T found = lookup.find(kind, namespace, name);
    if (found == null) {
      throw KernelRefused.forNow(
          reason,
          "There is no %s %s/%s; the kernel starts as soon as there is one."
              .formatted(HasMetadata.getKind(kind), namespace, name));
    }
    return found;
  }
}
