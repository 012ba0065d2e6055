// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import io.elasticjupyter.bench.row.Row;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How fast Pods are made when a whole class comes at once, and whether anything goes wrong. */
final class ManyAtOnceRow implements Row<ClusterStage> {
  private static final int KERNELS = 200;
  private static final int WRITERS = 8;
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String LABEL = "bench-run";
  private static final Metric RATE = Metric.higher("Pods made", "1/s");
  private static final Metric ERRORS = Metric.lower("warnings and errors of the operator", "");

  @Override
  public String key() {
    return "many-at-once";
  }

  @Override
  public String title() {
    return "%d kernels at once".formatted(KERNELS);
  }

  @Override
  public String method() {
    return "%d clients write %d JupyterKernels; until as many Pods are there. A scheduling gate keeps the Pods from nodes, so that only the API server and the operator work. Raw: the same clients write the Pods."
        .formatted(WRITERS, KERNELS);
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        new Goal("Pods made", RATE, new Goal.TimesRaw(0.5)),
        new Goal("reconcile errors", ERRORS, new Goal.AtMost(0)));
  }

  @Override
  public boolean asks(Contender contender) {
    return contender != Contender.ENTERPRISE_GATEWAY;
  }

  @Override
  public void measure(Contender contender, ClusterStage stage, Recorder recorder)
      throws IOException {
    KernelSource _ = stage.source(contender);
    PodWatch pods = stage.pods(contender);
    String run = UUID.randomUUID().toString();
    Instant began = Instant.now();
    long start = System.nanoTime();
    write(stage.client(), () -> contender == Contender.RAW ? pod(run) : kernel(stage, run));
    pods.await(run, _ -> pods.count(LABEL, run) == KERNELS, LIMIT);
    recorder.record(RATE, KERNELS * 1e9 / (System.nanoTime() - start));
    stage.deleteKernels(LABEL, run);
    pods.await(run, _ -> pods.count(LABEL, run) == 0, LIMIT);
    if (contender == Contender.OURS) {
      recorder.record(ERRORS, stage.operator().complaintsSince(began));
    }
  }

  private static void write(KubernetesClient client, Callable<HasMetadata> made)
      throws IOException {
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      Callable<HasMetadata> one = () -> client.resource(made.call()).create();
      for (Future<HasMetadata> written : writers.invokeAll(Collections.nCopies(KERNELS, one))) {
        HasMetadata _ = written.get();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } catch (ExecutionException failure) {
      throw new IOException("not written: " + failure.getCause(), failure);
    }
  }

  private static Pod pod(String run) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("many-" + UUID.randomUUID())
        .withNamespace(ClusterStage.NAMESPACE)
        .withLabels(Map.of(LABEL, run))
        .endMetadata()
        .withSpec(gated())
        .build();
  }

  private static HasMetadata kernel(ClusterStage stage, String run) {
    return stage.kernel(
        "many-" + UUID.randomUUID(),
        Map.of(LABEL, run),
        Map.of(
            "template", Map.of("metadata", Map.of("labels", Map.of(LABEL, run)), "spec", gated())));
  }

  private static PodSpec gated() {
    return new PodSpecBuilder()
        .addNewSchedulingGate("bench/never")
        .addNewContainer()
        .withName("kernel")
        .withImage(ClusterStage.KERNEL_IMAGE)
        .endContainer()
        .build();
  }
}
