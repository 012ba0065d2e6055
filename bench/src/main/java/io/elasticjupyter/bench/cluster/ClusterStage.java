// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.contender.GatewayApi;
import io.elasticjupyter.bench.load.KernelLink;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What is installed in the cluster to be measured, each when it is first asked for. */
final class ClusterStage implements AutoCloseable {
  static final String NAMESPACE = "elastic-jupyter-bench";
  static final String ENTERPRISE_NAMESPACE = "enterprise-gateway";
  static final String KERNEL_IMAGE = "localhost/elastic-jupyter-kernel-python:dev";

  /** A device that no machine has: the nodes only say so, which is all that the scheduler asks. */
  static final String DEVICE = "bench.elastic-jupyter.io/device";

  static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int PORT = 8888;
  private static final ResourceDefinitionContext KERNELS =
      new ResourceDefinitionContext.Builder()
          .withGroup("kubeflow.tkestack.io")
          .withVersion("v1alpha1")
          .withKind("JupyterKernel")
          .withPlural("jupyterkernels")
          .withNamespaced(true)
          .build();

  private final KubernetesClient client;
  private final Path project;
  private final Map<Contender, KernelSource> sources = new EnumMap<>(Contender.class);
  private final Map<String, PodWatch> watches = new HashMap<>();

  ClusterStage(KubernetesClient client, Path project) {
    this.client = client;
    this.project = project;
  }

  KubernetesClient client() {
    return client;
  }

  /** The contender, installed, with one kernel started and ended before. */
  KernelSource source(Contender contender) throws IOException {
    KernelSource ready = sources.get(contender);
    if (ready == null) {
      ready = install(contender);
      sources.put(contender, ready);
      KernelSource.StartedKernel first = ready.start();
      try (KernelLink link = first.connect("first")) {
        link.roundTrip("pass", LIMIT);
      } finally {
        first.stop();
      }
      pods(contender).awaitGone(first.pod(), LIMIT);
    }
    return ready;
  }

  /** The Pods of a contender's kernels. */
  PodWatch pods(Contender contender) {
    return watches.computeIfAbsent(
        namespace(contender), namespace -> new PodWatch(client, namespace));
  }

  static String namespace(Contender contender) {
    return contender == Contender.ENTERPRISE_GATEWAY ? ENTERPRISE_NAMESPACE : NAMESPACE;
  }

  private KernelSource install(Contender contender) throws IOException {
    return switch (contender) {
      case RAW -> {
        applyOurs();
        yield barePods(Map.of());
      }
      case OURS -> {
        applyOurs();
        yield ours("python3");
      }
      case ENTERPRISE_GATEWAY -> {
        try (InputStream manifest =
            Files.newInputStream(project.resolve("e2e/cluster/enterprise-gateway.yaml"))) {
          apply(manifest);
        }
        yield new InstalledGateway(
            gateway(ENTERPRISE_NAMESPACE, "enterprise-gateway", ""), "python_kubernetes", Map.of());
      }
      case OURS_LEGACY, JUPYTER_SERVER, JUPYTER_SERVER_LIMITED, KERNEL_GATEWAY ->
          throw new IOException(contender.title() + " has no kernels in a cluster");
    };
  }

  private BarePods barePods(Map<String, Quantity> limits) {
    return new BarePods(client, NAMESPACE, KERNEL_IMAGE, limits, pods(Contender.RAW));
  }

  private InstalledGateway ours(String kernelspec) throws IOException {
    return new InstalledGateway(gateway(NAMESPACE, "bench", token("bench")), kernelspec, Map.of());
  }

  /** The same contender's kernels, each of which needs the only {@link #DEVICE}. */
  KernelSource ofTheDevice(Contender contender) throws IOException {
    KernelSource _ = source(contender);
    client
        .nodes()
        .list()
        .getItems()
        .forEach(node ->
            client
                .resource(node)
                .editStatus(offering -> {
                  offering.getStatus().getCapacity().put(DEVICE, new Quantity("1"));
                  offering.getStatus().getAllocatable().put(DEVICE, new Quantity("1"));
                  return offering;
                }));
    return contender == Contender.RAW
        ? barePods(Map.of(DEVICE, new Quantity("1")))
        : ours("device");
  }

  private void applyOurs() throws IOException {
    try (InputStream manifest =
        Objects.requireNonNull(ClusterStage.class.getResourceAsStream("ours.yaml"))) {
      apply(manifest);
    }
  }

  private void apply(InputStream manifest) {
    client
        .load(manifest)
        .items()
        .forEach(item -> client.resource(item).forceConflicts().serverSideApply());
  }

  /** The gateway's interface at the address of its Service, as soon as it is ready. */
  GatewayApi gateway(String namespace, String name, String token) throws IOException {
    client
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName(name)
        .waitUntilCondition(ClusterStage::isAvailable, LIMIT.toSeconds(), TimeUnit.SECONDS);
    String address =
        client.services().inNamespace(namespace).withName(name).get().getSpec().getClusterIP();
    return GatewayApi.at(URI.create("http://%s:%d".formatted(address, PORT)), token);
  }

  private static boolean isAvailable(Deployment deployment) {
    return deployment != null
        && deployment.getStatus() != null
        && Objects.equals(deployment.getStatus().getAvailableReplicas(), 1);
  }

  /** The token of one of our gateways, from the Secret that the operator makes for it. */
  private String token(String gateway) {
    String encoded =
        client
            .secrets()
            .inNamespace(NAMESPACE)
            .withName(gateway + "-gateway")
            .waitUntilCondition(Objects::nonNull, LIMIT.toSeconds(), TimeUnit.SECONDS)
            .getData()
            .get("token");
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  OperatorPod operator() {
    return new OperatorPod(client);
  }

  /** The Pod of a gateway, ours or Enterprise Gateway's. */
  Pod gatewayPod(Contender contender) throws IOException {
    String deployment = contender == Contender.ENTERPRISE_GATEWAY ? "enterprise-gateway" : "bench";
    return client
        .pods()
        .inNamespace(namespace(contender))
        .withLabels(
            client
                .apps()
                .deployments()
                .inNamespace(namespace(contender))
                .withName(deployment)
                .get()
                .getSpec()
                .getSelector()
                .getMatchLabels())
        .list()
        .getItems()
        .stream()
        .findFirst()
        .orElseThrow(() -> new IOException("no Pod of " + deployment));
  }

  /** A JupyterKernel that nothing but its own spec describes. */
  HasMetadata kernel(String name, Map<String, String> labels, Map<String, Object> spec) {
    GenericKubernetesResource kernel = new GenericKubernetesResource();
    kernel.setApiVersion(KERNELS.getGroup() + "/" + KERNELS.getVersion());
    kernel.setKind(KERNELS.getKind());
    kernel.setMetadata(
        new ObjectMetaBuilder().withName(name).withNamespace(NAMESPACE).withLabels(labels).build());
    kernel.setAdditionalProperty("spec", spec);
    return kernel;
  }

  /** Deletes JupyterKernels and Pods with that value of a label. */
  void deleteKernels(String label, String value) {
    client
        .genericKubernetesResources(KERNELS)
        .inNamespace(NAMESPACE)
        .withLabel(label, value)
        .delete();
    client.pods().inNamespace(NAMESPACE).withLabel(label, value).withGracePeriod(0).delete();
  }

  @Override
  public void close() {
    sources.values().forEach(KernelSource::close);
    watches.values().forEach(PodWatch::close);
    client.namespaces().withName(NAMESPACE).delete();
    client.namespaces().withName(ENTERPRISE_NAMESPACE).delete();
  }
}
