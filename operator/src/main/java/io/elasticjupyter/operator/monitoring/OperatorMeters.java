// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.monitoring;

import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the operator counts. Labels are kinds, results and stages: never a name, of which there may
 * be thousands. Safe for any thread.
 */
public final class OperatorMeters implements Metrics {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Set<ResourceID>> queues = new ConcurrentHashMap<>();
  private final AtomicBoolean leading = new AtomicBoolean();

  public OperatorMeters() {
    Gauge.builder("elastic_jupyter_operator_leader", leading, is -> is.get() ? 1 : 0)
        .description("Whether this operator is the one that works")
        .register(registry);
  }

  /**
   * Counts kernels by what the operator last said of them.
   *
   * @param kernels asked at each scrape
   */
  public void countKernels(Supplier<Stream<JupyterKernel>> kernels) {
    for (Stage stage : Stage.values()) {
      Gauge.builder("elastic_jupyter_operator_kernels", kernels, all -> count(all, stage))
          .description("JupyterKernels by stage")
          .tag("stage", stage.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .strongReference(true) // nobody else keeps the supplier
          .register(registry);
    }
  }

  private static double count(Supplier<Stream<JupyterKernel>> kernels, Stage stage) {
    return kernels
        .get()
        .filter(kernel -> kernel.getStatus() != null && kernel.getStatus().stage() == stage)
        .count();
  }

  /** Notes that this operator has become the one that works, or is no longer. */
  public void leading(boolean now) {
    leading.set(now);
  }

  /** All of them in Prometheus's text format. */
  public String scrape() {
    return registry.scrape();
  }

  /** So that what did not happen yet is shown as none. */
  @Override
  public void controllerRegistered(Controller<? extends HasMetadata> controller) {
    String kind = HasMetadata.getKind(controller.getConfiguration().getResourceClass());
    queue(kind);
    reconciles(kind, "success");
    reconciles(kind, "failure");
  }

  @Override
  public void reconciliationSubmitted(
      HasMetadata resource, @Nullable RetryInfo retry, Map<String, Object> metadata) {
    queue(resource.getKind()).add(ResourceID.fromResource(resource));
  }

  @Override
  public void reconciliationFinished(
      HasMetadata resource, @Nullable RetryInfo retry, Map<String, Object> metadata) {
    queue(resource.getKind()).remove(ResourceID.fromResource(resource));
  }

  /** A resource that was deleted while it waited has no turn any more. */
  @Override
  public void cleanupDone(ResourceID resource, Map<String, Object> metadata) {
    if (metadata.get(Constants.RESOURCE_GVK_KEY) instanceof GroupVersionKind kind) {
      queue(kind.getKind()).remove(resource);
    }
  }

  @Override
  public void reconciliationSucceeded(HasMetadata resource, Map<String, Object> metadata) {
    reconciles(resource.getKind(), "success").increment();
  }

  @Override
  public void reconciliationFailed(
      HasMetadata resource,
      @Nullable RetryInfo retry,
      Exception failure,
      Map<String, Object> metadata) {
    reconciles(resource.getKind(), "failure").increment();
  }

  @Override
  public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
    Timer.Sample began = Timer.start(registry);
    try {
      return execution.execute();
    } finally {
      began.stop(
          Timer.builder("elastic_jupyter_operator_reconcile")
              .description("How long reconciles took")
              .tag("controller", execution.controllerName())
              .register(registry));
    }
  }

  private Set<ResourceID> queue(String kind) {
    return queues.computeIfAbsent(kind, this::countedQueue);
  }

  private Set<ResourceID> countedQueue(String kind) {
    Set<ResourceID> queue = ConcurrentHashMap.newKeySet();
    Gauge.builder("elastic_jupyter_operator_queue", queue, Set::size)
        .description("Resources that wait for their turn or have it")
        .tag("kind", kind)
        .register(registry);
    return queue;
  }

  private Counter reconciles(String kind, String result) {
    return Counter.builder("elastic_jupyter_operator_reconciles")
        .description("Reconciles by result")
        .tag("kind", kind)
        .tag("result", result)
        .register(registry);
  }
}
