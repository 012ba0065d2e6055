// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.row;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.contender.GatewayProcess;
import io.elasticjupyter.bench.contender.KernelHandle;
import io.elasticjupyter.bench.contender.Running;
import io.elasticjupyter.bench.contender.Spec;
import io.elasticjupyter.bench.contender.Stage;
import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.load.WebSocketLink;
import io.elasticjupyter.bench.report.Figures;
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many kernels, each with a connected client: what one costs, and whether the round trip stays the
 * same.
 *
 * @param ourKernels how many for ours and for raw
 * @param peerKernels how many for a peer, which takes half a megabyte and some tenths of a second
 *     for each
 */
public record ManyKernelsRow(int ourKernels, int peerKernels) implements Row<Stage> {
  private static final int WEIGHED_AT = 100;
  private static final int TRIPS = 1_000;
  private static final int STARTED_AT_ONCE = 8;
  private static final Metric HEAP = Metric.lower("live heap per kernel", "KB");
  private static final Metric PROPORTIONAL = Metric.lower("PSS per kernel", "KB");
  private static final Metric FLATNESS = Metric.lower("median at most kernels / at 1", "");

  @Override
  public String key() {
    return "many";
  }

  @Override
  public String title() {
    return "%,d connected kernels in one gateway".formatted(ourKernels);
  }

  @Override
  public String method() {
    return "Hosted kernels: a sleeping process each, and one Java process that plays all of them. Each"
        + " has a connected websocket. Memory per kernel is the difference between %d and 1; round trips go to kernels at random. Peers: %,d kernels."
            .formatted(WEIGHED_AT, peerKernels);
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        new Goal("live heap per idle connected kernel", HEAP, new Goal.AtMost(100)),
        new Goal("round trip with many kernels against one", FLATNESS, new Goal.AtMost(1.5)));
  }

  @Override
  public boolean asks(Contender contender) {
    return contender != Contender.OURS_LEGACY && contender != Contender.JUPYTER_SERVER_LIMITED;
  }

  @Override
  public void measure(Contender contender, Stage stage, Recorder recorder) throws IOException {
    int most = contender.isPeer() ? peerKernels : ourKernels;
    List<KernelLink> links = new ArrayList<>();
    try (HostProcess _ = HostProcess.start(stage.workbench());
        Running running = stage.fresh(contender)) {
      try {
        fill(running, links, 1);
        Trips.over(links.getFirst(), TRIPS, Duration.ofSeconds(3));
        double first = trips(links, recorder);
        Weight light = Weight.of(running);
        double last = first;
        if (most >= WEIGHED_AT) {
          fill(running, links, WEIGHED_AT);
          last = trips(links, recorder);
          Weight.of(running).record(light, WEIGHED_AT - 1, recorder);
        }
        if (most > WEIGHED_AT) {
          fill(running, links, most);
          last = trips(links, recorder);
        }
        recorder.record(FLATNESS, last / first);
      } finally {
        for (KernelLink link : links) {
          link.close();
        }
      }
    }
  }

  private static void fill(Running running, List<KernelLink> links, int wanted) throws IOException {
    List<Callable<KernelLink>> starts = new ArrayList<>();
    for (int index = links.size(); index < wanted; index++) {
      starts.add(() -> connected(running));
    }
    try (ExecutorService starters = Executors.newFixedThreadPool(STARTED_AT_ONCE)) {
      for (Future<KernelLink> started : starters.invokeAll(starts)) {
        links.add(started.get());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } catch (ExecutionException failure) {
      throw new IOException(
          "kernel %d did not start: %s".formatted(links.size() + 1, failure.getCause()), failure);
    }
  }

  private static KernelLink connected(Running running) throws IOException {
    KernelHandle kernel = running.startKernel(Spec.HOSTED);
    // Acknowledging at once keeps TCP's delays out of the comparison; they have a row of their own.
    KernelLink link =
        kernel.connect(new WebSocketLink.Options("bench" + System.nanoTime(), true, true, 0));
    link.roundTrip("", Trips.LIMIT);
    return link;
  }

  private static double trips(List<KernelLink> links, Recorder recorder) throws IOException {
    Random random = new Random(links.size());
    List<Double> millis = new ArrayList<>();
    for (KernelLink link : links) {
      link.attend();
    }
    for (int trip = 0; trip < TRIPS; trip++) {
      KernelLink link = links.get(random.nextInt(links.size()));
      millis.add(link.roundTrip("", Trips.LIMIT) / 1e6);
    }
    double median = Figures.percentile(millis, 0.5).orElseThrow();
    String at = " at %,d".formatted(links.size());
    recorder.record(Metric.lower("median" + at, "ms"), median);
    recorder.record(Metric.lower("p99" + at, "ms"), Figures.percentile(millis, 0.99).orElseThrow());
    return median;
  }

  /** Memory of a gateway at one moment, in bytes; zero for raw, and no heap where it is no JVM. */
  private record Weight(double proportional, double heap) {
    static Weight of(Running running) throws IOException {
      if (running.process().isEmpty()) {
        return new Weight(0, 0);
      }
      GatewayProcess memory = running.process().get();
      double heap = memory.liveHeap().orElse(0);
      return new Weight(memory.proportional(), heap);
    }

    void record(Weight before, int kernels, Recorder recorder) {
      if (proportional > 0) {
        recorder.record(PROPORTIONAL, (proportional - before.proportional) / 1e3 / kernels);
      }
      if (heap > 0) {
        recorder.record(HEAP, (heap - before.heap) / 1e3 / kernels);
      }
    }
  }
}
