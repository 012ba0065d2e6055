// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import io.elasticjupyter.bench.row.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Eight users come at the same moment. */
final class EightAtOnceRow implements Row<ClusterStage> {
  private static final int KERNELS = 8;
  private static final Metric FIRST = Metric.lower("first of them answered", "s");
  private static final Metric ALL = Metric.lower("all answered", "s");

  @Override
  public String key() {
    return "eight-at-once";
  }

  @Override
  public String title() {
    return "Eight kernels at once";
  }

  @Override
  public String method() {
    return "Eight clients, each POST, websocket and one cell, started together; until the first and"
        + " the last has its answer.";
  }

  @Override
  public List<Goal> goals() {
    return List.of(new Goal("eight kernels at once", ALL, new Goal.AboveRaw(2.5)));
  }

  @Override
  public boolean asks(Contender contender) {
    return true;
  }

  @Override
  public void measure(Contender contender, ClusterStage stage, Recorder recorder)
      throws IOException {
    KernelSource source = stage.source(contender);
    Queue<KernelSource.StartedKernel> kernels = new ConcurrentLinkedQueue<>();
    List<Double> answered = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      long start = System.nanoTime();
      Callable<Double> client =
          () -> {
            KernelSource.StartedKernel kernel = source.start();
            kernels.add(kernel);
            try (KernelLink link = kernel.connect("bench" + System.nanoTime())) {
              link.roundTrip("pass", ClusterStage.LIMIT);
              return (System.nanoTime() - start) / 1e9;
            }
          };
      for (Future<Double> one : clients.invokeAll(Collections.nCopies(KERNELS, client))) {
        answered.add(one.get());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } catch (ExecutionException failure) {
      throw new IOException("not all were answered: " + failure.getCause(), failure);
    } finally {
      for (KernelSource.StartedKernel kernel : kernels) {
        kernel.stop();
      }
    }
    for (KernelSource.StartedKernel kernel : kernels) {
      stage.pods(contender).awaitGone(kernel.pod(), ClusterStage.LIMIT);
    }
    recorder.record(FIRST, Collections.min(answered));
    recorder.record(ALL, Collections.max(answered));
  }
}
