// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.JupyterKernelSpec;
import io.elasticjupyter.api.JupyterKernelTemplate;
import io.elasticjupyter.api.KernelStatus;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.elasticjupyter.api.Labels;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel depends on, watched: its Pod, and the resources that its Pod is made from. A kernel
 * that waits for one of these is looked at again the moment it appears. Secrets are asked for by
 * name and never listed, so that the operator needs no right to; a gateway's is there before the
 * gateway tells its status, which is watched.
 */
final class KernelSources implements KernelInputs.Lookup {

  private static final System.Logger LOG = System.getLogger(KernelSources.class.getName());

  private final KubernetesClient client;
  private final Map<Class<?>, InformerEventSource<?, JupyterKernel>> watched =
      new ConcurrentHashMap<>();

  private volatile Supplier<Stream<JupyterKernel>> kernels = Stream::empty;

  KernelSources(KubernetesClient client) {
    this.client = client;
  }

  /** Every kernel as it was last seen. */
  Stream<JupyterKernel> kernels() {
    return kernels.get();
  }

  List<EventSource<?, JupyterKernel>> start(EventSourceContext<JupyterKernel> context) {
    kernels = () -> context.getPrimaryCache().list();
    List<EventSource<?, JupyterKernel>> sources = new ArrayList<>();
    sources.add(
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, JupyterKernel.class)
                .withLabelSelector(Labels.KERNEL)
                .withNamespacesInheritedFromController()
                .build(),
            context));
    sources.add(watchNodes(context));
    sources.add(watch(JupyterGateway.class, context));
    sources.add(watch(JupyterKernelSpec.class, context));
    sources.add(watch(JupyterKernelTemplate.class, context));
    return sources;
  }

  private <T extends HasMetadata> InformerEventSource<T, JupyterKernel> watch(
      Class<T> kind, EventSourceContext<JupyterKernel> context) {
    InformerEventSource<T, JupyterKernel> source =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(kind, JupyterKernel.class)
                .withSecondaryToPrimaryMapper(any -> waiting(any, context))
                .withNamespacesInheritedFromController()
                .build(),
            context);
    watched.put(kind, source);
    return source;
  }

  /** A node that goes takes its Pods along; Kubernetes itself looks after these a minute later. */
  private EventSource<Node, JupyterKernel> watchNodes(EventSourceContext<JupyterKernel> context) {
    InformerEventSource<Node, JupyterKernel> source =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Node.class, JupyterKernel.class)
                .withSecondaryToPrimaryMapper(node -> placed(context))
                .withOnAddFilter(node -> false)
                .withOnUpdateFilter((now, before) -> false)
                .withWatchAllNamespaces()
                .build(),
            context);
    watched.put(Node.class, source);
    return source;
  }

  private static Set<ResourceID> placed(EventSourceContext<JupyterKernel> context) {
    return context
        .getPrimaryCache()
        .list()
        .filter(kernel -> kernel.getStatus() != null && kernel.getStatus().pod() != null)
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  /** The cluster's nodes; none before they are known. */
  List<Node> nodes() {
    InformerEventSource<?, JupyterKernel> source = watched.get(Node.class);
    return source == null ? List.of() : source.list().map(Node.class::cast).toList();
  }

  /** A template may be of another namespace than the kernel that waits for it. */
  private static Set<ResourceID> waiting(
      HasMetadata came, EventSourceContext<JupyterKernel> context) {
    boolean anywhere = came instanceof JupyterKernelTemplate;
    String namespace = came.getMetadata().getNamespace();
    return context
        .getPrimaryCache()
        .list()
        .filter(kernel -> anywhere || namespace.equals(kernel.getMetadata().getNamespace()))
        .filter(KernelSources::isWaiting)
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static boolean isWaiting(JupyterKernel kernel) {
    KernelStatus status = kernel.getStatus();
    return status == null || status.stage() == null || status.stage() == Stage.QUEUED;
  }

  /** From what is watched, else from the API server: the watch may be a moment behind. */
  @Override
  public <T extends HasMetadata> @Nullable T find(Class<T> kind, String namespace, String name) {
    InformerEventSource<?, JupyterKernel> source = watched.get(kind);
    Optional<? extends HasMetadata> known =
        source == null ? Optional.empty() : source.get(new ResourceID(name, namespace));
    return known.isPresent()
        ? kind.cast(known.get())
        : client.resources(kind).inNamespace(namespace).withName(name).get();
  }

  /** The kernel's Pod as the API server has it now. */
  @Nullable Pod pod(JupyterKernel kernel) {
    return client
        .pods()
        .inNamespace(kernel.getMetadata().getNamespace())
        .withName(kernel.getMetadata().getName())
        .get();
  }

  /** What the kubelet and others noted about a Pod; nothing where events may not be listed. */
  List<Event> eventsOf(Pod pod) {
    try {
      return listEvents(pod);
    } catch (KubernetesClientException e) {
      LOG.log(
          Level.DEBUG,
          "event=events-not-read pod={0} reason={1}",
          pod.getMetadata().getName(),
          e.getMessage());
      return List.of();
    }
  }

  private List<Event> listEvents(Pod pod) {
    return client
        .v1()
        .events()
        .inNamespace(pod.getMetadata().getNamespace())
        .withField("involvedObject.uid", pod.getMetadata().getUid())
        .list()
        .getItems();
  }
}
