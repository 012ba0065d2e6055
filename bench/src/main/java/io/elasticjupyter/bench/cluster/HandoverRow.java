// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import io.elasticjupyter.bench.row.Row;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** One device, two users: the kernel of the one sleeps, that of the other waits for it. */
final class HandoverRow implements Row<ClusterStage> {
  private static final Metric FIRST = Metric.lower("the waiting kernel's first cell has run", "ms");
  private static final String STATE =
      "import random; state = {'n%d' % n: [random.random() for _ in range(100)] for n in range(50)}";
  private static final int REPEATS = 3;

  /** As the kernelspec of the device has it. */
  private static final Duration IDLE_LIMIT = Duration.ofSeconds(3);

  @Override
  public String key() {
    return "handover";
  }

  @Override
  public String title() {
    return "From one user's idle limit to the next user's first cell";
  }

  @Override
  public String method() {
    return "One device in the cluster. A kernel with 50 variables has it, its client stays"
        + " connected, a second kernel waits for it. From the moment at which the first was idle"
        + " for %d seconds, its limit, until the second has run a cell: saved, verified, its Pod"
            .formatted(IDLE_LIMIT.toSeconds())
        + " ended by the kubelet, the device given on by the scheduler, a Pod started. Raw: at that"
        + " moment the first Pod is deleted, and nothing saved. Enterprise Gateway never ends a"
        + " kernel whose client is connected.";
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        new Goal("idle limit to the waiting kernel's first cell", FIRST, new Goal.AboveRaw(500)));
  }

  @Override
  public boolean asks(Contender contender) {
    return contender != Contender.ENTERPRISE_GATEWAY;
  }

  @Override
  public void measure(Contender contender, ClusterStage stage, Recorder recorder)
      throws IOException {
    KernelSource source = stage.ofTheDevice(contender);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      KernelSource.StartedKernel first = source.start();
      try (KernelLink link = first.connect("first" + System.nanoTime())) {
        link.roundTrip(STATE, ClusterStage.LIMIT);
        KernelSource.StartedKernel second = source.start();
        try {
          Optional<Pod> _ =
              stage.pods(contender).await(second.pod(), HandoverRow::waits, ClusterStage.LIMIT);
          link.roundTrip("pass", ClusterStage.LIMIT);
          recorder.record(FIRST, handOver(first, second));
        } finally {
          second.stop();
          stage.pods(contender).awaitGone(second.pod(), ClusterStage.LIMIT);
        }
      } finally {
        if (contender != Contender.RAW) {
          first.stop();
        }
      }
    }
  }

  private static double handOver(KernelSource.StartedKernel from, KernelSource.StartedKernel to)
      throws IOException {
    long limit = System.nanoTime() + IDLE_LIMIT.toNanos();
    Executor then =
        CompletableFuture.delayedExecutor(
            IDLE_LIMIT.toNanos(), TimeUnit.NANOSECONDS, Thread::startVirtualThread);
    CompletableFuture<Void> given = CompletableFuture.runAsync(() -> idleLimitIsOver(from), then);
    try (KernelLink link = to.connect("second" + limit)) {
      link.roundTrip("pass", ClusterStage.LIMIT);
      return (System.nanoTime() - limit) / 1e6;
    } finally {
      given.join();
    }
  }

  private static void idleLimitIsOver(KernelSource.StartedKernel kernel) {
    try {
      kernel.idleLimitIsOver();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean waits(Optional<Pod> pod) {
    return pod.stream()
        .flatMap(seen -> seen.getStatus().getConditions().stream())
        .anyMatch(each -> "Unschedulable".equals(each.getReason()));
  }
}
