// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernelspec;

import io.elasticjupyter.api.JupyterKernelSpec;
import io.elasticjupyter.api.JupyterKernelSpecStatus;
import io.elasticjupyter.api.JupyterKernelTemplate;
import io.elasticjupyter.api.ObjectName;
import io.elasticjupyter.operator.cluster.Conditions;
import io.elasticjupyter.operator.cluster.StatusPatch;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells in a JupyterKernelSpec's status whether kernels can be started from it. */
@ControllerConfiguration(name = "jupyterkernelspec")
public final class KernelSpecReconciler implements Reconciler<JupyterKernelSpec> {

  private final KubernetesClient client;
  private final InstantSource clock;

  public KernelSpecReconciler(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, JupyterKernelSpec>> prepareEventSources(
      EventSourceContext<JupyterKernelSpec> context) {
    return List.of(
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(
                    JupyterKernelTemplate.class, JupyterKernelSpec.class)
                .withSecondaryToPrimaryMapper(template -> usersOf(template, context))
                .withNamespacesInheritedFromController()
                .build(),
            context));
  }

  private static Set<ResourceID> usersOf(
      JupyterKernelTemplate template, EventSourceContext<JupyterKernelSpec> context) {
    return context
        .getPrimaryCache()
        .list()
        .filter(kernelspec -> uses(kernelspec, template))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static boolean uses(JupyterKernelSpec kernelspec, JupyterKernelTemplate template) {
    ObjectName name = kernelspec.getSpec().template();
    return name != null
        && name.name().equals(template.getMetadata().getName())
        && name.namespaceOr(kernelspec.getMetadata().getNamespace())
            .equals(template.getMetadata().getNamespace());
  }

  @Override
  public UpdateControl<JupyterKernelSpec> reconcile(
      JupyterKernelSpec kernelspec, Context<JupyterKernelSpec> context) {
    return StatusPatch.write(() -> look(kernelspec), kernelspec, context);
  }

  private UpdateControl<JupyterKernelSpec> look(JupyterKernelSpec kernelspec) {
    ObjectName template = kernelspec.getSpec().template();
    String namespace = kernelspec.getMetadata().getNamespace();
    if (template != null
        && client
                .resources(JupyterKernelTemplate.class)
                .inNamespace(template.namespaceOr(namespace))
                .withName(template.name())
                .get()
            == null) {
      return status(
          kernelspec,
          false,
          "TemplateMissing",
          "There is no JupyterKernelTemplate %s/%s (spec.template)."
              .formatted(template.namespaceOr(namespace), template.name()));
    }
    if (kernelspec.getSpec().image() == null && template == null) {
      return status(
          kernelspec, false, "ImageMissing", "Neither spec.image nor spec.template is set.");
    }
    return status(kernelspec, true, "Valid", "Kernels can be started from it.");
  }

  private UpdateControl<JupyterKernelSpec> status(
      JupyterKernelSpec kernelspec, boolean ready, String reason, String message) {
    JupyterKernelSpecStatus before = kernelspec.getStatus();
    JupyterKernelSpecStatus now =
        new JupyterKernelSpecStatus(
            kernelspec.getMetadata().getGeneration(),
            Conditions.ready(
                ready,
                reason,
                message,
                kernelspec,
                before == null ? null : before.conditions(),
                clock.instant()));
    return StatusPatch.of(kernelspec, new JupyterKernelSpec(), now);
  }
}
