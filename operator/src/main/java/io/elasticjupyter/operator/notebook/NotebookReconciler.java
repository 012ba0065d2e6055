// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.notebook;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterNotebook;
import io.elasticjupyter.api.JupyterNotebookStatus;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.api.MountPaths;
import io.elasticjupyter.api.ObjectName;
import io.elasticjupyter.operator.cluster.Applier;
import io.elasticjupyter.operator.cluster.Conditions;
import io.elasticjupyter.operator.cluster.DeploymentState;
import io.elasticjupyter.operator.cluster.HttpService;
import io.elasticjupyter.operator.cluster.StatusPatch;
import io.elasticjupyter.operator.gateway.GatewayImage;
import io.elasticjupyter.operator.gateway.GatewaySecret;
import io.elasticjupyter.operator.gateway.NotebookAccess;
import io.elasticjupyter.operator.notebook.NotebookResources.GatewayAccess;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
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
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs a JupyterNotebook: secret, home, Deployment, Service, and the way to its gateway. */
@ControllerConfiguration(name = "jupyternotebook")
public final class NotebookReconciler implements Reconciler<JupyterNotebook> {

  private static final int TOKEN_BYTES = 24;

  private final KubernetesClient client;
  private final Applier applier;
  private final GatewayImage image;
  private final SecureRandom random;
  private final InstantSource clock;

  public NotebookReconciler(
      KubernetesClient client, GatewayImage image, SecureRandom random, InstantSource clock) {
    this.client = client;
    this.image = image;
    this.applier = new Applier(client);
    this.random = random;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, JupyterNotebook>> prepareEventSources(
      EventSourceContext<JupyterNotebook> context) {
    return List.of(
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Deployment.class, JupyterNotebook.class)
                .withLabelSelector(Labels.NOTEBOOK)
                .withNamespacesInheritedFromController()
                .build(),
            context),
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(JupyterGateway.class, JupyterNotebook.class)
                .withSecondaryToPrimaryMapper(gateway -> usersOf(gateway, context))
                .withNamespacesInheritedFromController()
                .build(),
            context));
  }

  private static Set<ResourceID> usersOf(
      JupyterGateway gateway, EventSourceContext<JupyterNotebook> context) {
    return context
        .getPrimaryCache()
        .list()
        .filter(notebook -> uses(notebook, gateway))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static boolean uses(JupyterNotebook notebook, JupyterGateway gateway) {
    ObjectName name = notebook.getSpec().gateway();
    return name != null
        && name.name().equals(gateway.getMetadata().getName())
        && name.namespaceOr(notebook.getMetadata().getNamespace())
            .equals(gateway.getMetadata().getNamespace());
  }

  @Override
  public UpdateControl<JupyterNotebook> reconcile(
      JupyterNotebook notebook, Context<JupyterNotebook> context) {
    Optional<Deployment> running = context.getSecondaryResource(Deployment.class);
    return StatusPatch.write(() -> look(notebook, running), notebook, context);
  }

  private UpdateControl<JupyterNotebook> look(
      JupyterNotebook notebook, Optional<Deployment> running) {
    Optional<JupyterGateway> used;
    Optional<GatewayAccess> gateway;
    try {
      used = gateway(notebook);
      gateway = used.isPresent() ? Optional.of(access(used.get(), running)) : Optional.empty();
    } catch (NoGateway e) {
      return status(notebook, e.state());
    }
    applier.apply(NotebookResources.secret(notebook, token(notebook), gateway));
    PersistentVolumeClaim claim = NotebookResources.claim(notebook);
    if (claim != null) {
      applier.apply(claim);
    }
    applier.apply(NotebookResources.service(notebook));
    DeploymentState made =
        DeploymentState.of(applier.apply(NotebookResources.deployment(notebook, gateway)), client);
    DeploymentState state = used.map(each -> AwaitedGateway.explain(made, each)).orElse(made);
    UpdateControl<JupyterNotebook> control = status(notebook, state);
    return state.ready() ? control : control.rescheduleAfter(DeploymentState.LOOK_AGAIN);
  }

  /** Why a notebook has no way to its gateway; it starts as soon as it has one. */
  private static final class NoGateway extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    NoGateway(String reason, String message) {
      super(message);
      this.reason = reason;
    }

    DeploymentState state() {
      return new DeploymentState(false, reason, String.valueOf(getMessage()));
    }
  }

  /** Empty for a notebook that asks for no gateway. */
  private Optional<JupyterGateway> gateway(JupyterNotebook notebook) throws NoGateway {
    ObjectName name = notebook.getSpec().gateway();
    if (name == null) {
      return Optional.empty();
    }
    String own = notebook.getMetadata().getNamespace();
    String namespace = name.namespaceOr(own);
    JupyterGateway gateway =
        client.resources(JupyterGateway.class).inNamespace(namespace).withName(name.name()).get();
    if (gateway == null) {
      throw new NoGateway(
          "GatewayMissing",
          "There is no JupyterGateway %s/%s (spec.gateway); the notebook starts as soon as there is one."
              .formatted(namespace, name.name()));
    }
    if (!NotebookAccess.isGranted(gateway, own)) {
      throw new NoGateway(
          "GatewayNotShared",
          "JupyterGateway %s/%s is not for notebooks of namespace %s; its spec.notebookNamespaces must name it."
              .formatted(namespace, name.name(), own));
    }
    return Optional.of(gateway);
  }

  private GatewayAccess access(JupyterGateway gateway, Optional<Deployment> running)
      throws NoGateway {
    String namespace = gateway.getMetadata().getNamespace();
    String name = gateway.getMetadata().getName();
    String token = read(namespace, GatewaySecret.name(name), MountPaths.GATEWAY_TOKEN);
    if (token == null) {
      throw new NoGateway(
          "GatewayStarting", "JupyterGateway %s/%s has no token yet.".formatted(namespace, name));
    }
    String waitsWith =
        running.flatMap(NotebookResources::waitedWith).orElseGet(() -> image.of(gateway));
    return new GatewayAccess(HttpService.url(namespace, name), token, waitsWith);
  }

  /** The token that was made before, since its user has it by now; else a new one. */
  private String token(JupyterNotebook notebook) {
    String before =
        read(
            notebook.getMetadata().getNamespace(),
            NotebookResources.secretName(notebook),
            NotebookResources.TOKEN);
    if (before != null && !before.isEmpty()) {
      return before;
    }
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private @Nullable String read(String namespace, String name, String key) {
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    if (secret == null || secret.getData() == null || !secret.getData().containsKey(key)) {
      return null;
    }
    return new String(
        Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
  }

  private UpdateControl<JupyterNotebook> status(JupyterNotebook notebook, DeploymentState state) {
    JupyterNotebookStatus before = notebook.getStatus();
    JupyterNotebookStatus now =
        new JupyterNotebookStatus(
            notebook.getMetadata().getGeneration(),
            Conditions.ready(
                state.ready(),
                state.reason(),
                state.message(),
                notebook,
                before == null ? null : before.conditions(),
                clock.instant()),
            HttpService.url(
                notebook.getMetadata().getNamespace(), notebook.getMetadata().getName()));
    return StatusPatch.of(notebook, new JupyterNotebook(), now);
  }
}
