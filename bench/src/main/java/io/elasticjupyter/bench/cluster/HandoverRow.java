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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One device, two users: the kernel of the one sleeps, that of the other waits for it. */
final class HandoverRow implements Row<ClusterStage> {
  private static final Metric FIRST = Metric.lower("the waiting kernel's first cell has run", "ms");
  private static final String STATE =
      "import random; state = {'n%d' % n: [random.random() for _ in range(100)] for n in range(50)}";
  private static final int REPEATS = 3;

  @Override
  public String key() {
    return "handover";
  }

  @Override
  public String title() {
    return "From one user's sleep to the next user's first cell";
  }

  @Override
  public String method() {
    return "One device in the cluster. A kernel with 50 variables has it, its client stays"
        + " connected, a second kernel waits for it. From the wish that the first sleeps until the"
        + " second has run a cell: saved, verified, its Pod ended by the kubelet, the device"
        + " given on by the scheduler, a Pod started. Raw: the first Pod is deleted and nothing"
        + " saved. Enterprise Gateway never ends a kernel whose client is connected.";
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        new Goal("sleep to the waiting kernel's first cell", FIRST, new Goal.AboveRaw(500)));
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
          recorder.record(FIRST, handOver(first, second, stage.pods(contender)));
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

  private static double handOver(
      KernelSource.StartedKernel from, KernelSource.StartedKernel to, PodWatch pods)
      throws IOException {
    Optional<Pod> _ = pods.await(to.pod(), HandoverRow::waits, ClusterStage.LIMIT);
    long start = System.nanoTime();
    CompletableFuture<Void> given =
        CompletableFuture.runAsync(() -> giveBack(from), Thread::startVirtualThread);
    try (KernelLink link = to.connect("second" + start)) {
      link.roundTrip("pass", ClusterStage.LIMIT);
      return (System.nanoTime() - start) / 1e6;
    } finally {
      given.join();
    }
  }

  private static void giveBack(KernelSource.StartedKernel kernel) {
    try {
      kernel.giveBack();
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
