// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterGatewayStatus;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.JupyterKernelSpec;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.operator.cluster.Applier;
import io.elasticjupyter.operator.cluster.Conditions;
import io.elasticjupyter.operator.cluster.DeploymentState;
import io.elasticjupyter.operator.cluster.HttpService;
import io.elasticjupyter.operator.cluster.StatusPatch;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * Runs a JupyterGateway: identity and rights, secret, Deployment, Service, a kernelspec to begin.
 */
@ControllerConfiguration(name = "jupytergateway")
public final class GatewayReconciler implements Reconciler<JupyterGateway> {

  private final KubernetesClient client;
  private final Applier applier;
  private final GatewayImage image;
  private final SecureRandom random;
  private final InstantSource clock;

  public GatewayReconciler(
      KubernetesClient client, GatewayImage image, SecureRandom random, InstantSource clock) {
    this.client = client;
    this.image = image;
    this.applier = new Applier(client);
    this.random = random;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, JupyterGateway>> prepareEventSources(
      EventSourceContext<JupyterGateway> context) {
    return List.of(
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Deployment.class, JupyterGateway.class)
                .withLabelSelector(Labels.GATEWAY)
                .withNamespacesInheritedFromController()
                .build(),
            context),
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(JupyterKernel.class, JupyterGateway.class)
                .withSecondaryToPrimaryMapper(GatewayReconciler::gatewayOf)
                .withNamespacesInheritedFromController()
                .build(),
            context));
  }

  private static Set<ResourceID> gatewayOf(JupyterKernel kernel) {
    String gateway = kernel.getSpec() == null ? null : kernel.getSpec().gateway();
    return gateway == null
        ? Set.of()
        : Set.of(new ResourceID(gateway, kernel.getMetadata().getNamespace()));
  }

  @Override
  public UpdateControl<JupyterGateway> reconcile(
      JupyterGateway gateway, Context<JupyterGateway> context) {
    return StatusPatch.write(() -> look(gateway, context), gateway, context);
  }

  private UpdateControl<JupyterGateway> look(
      JupyterGateway gateway, Context<JupyterGateway> context) {
    makeSecret(gateway);
    makeKernelSpec(gateway);
    applier.apply(GatewayResources.serviceAccount(gateway));
    applier.apply(GatewayResources.role(gateway));
    applier.apply(GatewayResources.roleBinding(gateway));
    applier.apply(GatewayResources.replicasBinding(gateway));
    RoleBinding further = GatewayResources.clusterRoleBinding(gateway);
    if (further != null) {
      applier.apply(further);
    }
    applier.apply(GatewayPolicies.ofKernels(gateway));
    applier.apply(GatewayPolicies.ofGateway(gateway));
    PersistentVolumeClaim claim = GatewayResources.claim(gateway);
    if (claim != null) {
      applier.apply(claim);
    }
    PodDisruptionBudget budget = GatewayReplicas.budget(gateway);
    if (budget != null) {
      applier.apply(budget);
    }
    applier.apply(GatewayResources.service(gateway));
    Deployment deployment = applier.apply(GatewayResources.deployment(gateway, image.of(gateway)));
    DeploymentState state = DeploymentState.of(deployment, client);
    UpdateControl<JupyterGateway> control = status(gateway, deployment, state, context);
    return state.ready() ? control : control.rescheduleAfter(DeploymentState.LOOK_AGAIN);
  }

  private void makeSecret(JupyterGateway gateway) {
    String name = GatewaySecret.name(gateway.getMetadata().getName());
    String namespace = gateway.getMetadata().getNamespace();
    Resource<Secret> resource = client.secrets().inNamespace(namespace).withName(name);
    Secret secret = resource.get();
    if (secret == null) {
      client.resource(GatewaySecret.fresh(gateway, random, clock.instant())).create();
    } else if (!GatewaySecret.isWhole(secret, gateway, clock.instant())) {
      resource.edit(found -> GatewaySecret.mended(found, gateway, random, clock.instant()));
    }
  }

  /** So that a first user who applies nothing but a gateway and a notebook gets a kernel. */
  private void makeKernelSpec(JupyterGateway gateway) {
    boolean named =
        gateway.getSpec() != null
            && gateway.getSpec().kernels() != null
            && !gateway.getSpec().kernels().isEmpty();
    if (named) {
      return;
    }
    boolean any =
        !client
            .resources(JupyterKernelSpec.class)
            .inNamespace(gateway.getMetadata().getNamespace())
            .list()
            .getItems()
            .isEmpty();
    if (!any) {
      applier.apply(GatewayResources.defaultKernelSpec(gateway));
    }
  }

  private UpdateControl<JupyterGateway> status(
      JupyterGateway gateway,
      Deployment deployment,
      DeploymentState state,
      Context<JupyterGateway> context) {
    JupyterGatewayStatus before = gateway.getStatus();
    Set<JupyterKernel> kernels = context.getSecondaryResources(JupyterKernel.class);
    long running =
        kernels.stream()
            .filter(each -> each.getStatus() != null && each.getStatus().stage() == Stage.RUNNING)
            .count();
    JupyterGatewayStatus now =
        new JupyterGatewayStatus(
            gateway.getMetadata().getGeneration(),
            Conditions.ready(
                state.ready(),
                state.reason(),
                state.message(),
                gateway,
                before == null ? null : before.conditions(),
                clock.instant()),
            kernels.size(),
            Math.toIntExact(running),
            HttpService.url(gateway.getMetadata().getNamespace(), gateway.getMetadata().getName()),
            deployment.getStatus() == null ? null : deployment.getStatus().getReplicas(),
            GatewayReplicas.selector(gateway));
    return StatusPatch.of(gateway, new JupyterGateway(), now);
  }
}
