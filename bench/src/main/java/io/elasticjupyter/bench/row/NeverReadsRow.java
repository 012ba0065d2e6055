// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.row;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.contender.GatewayProcess;
import io.elasticjupyter.bench.contender.KernelHandle;
import io.elasticjupyter.bench.contender.Running;
import io.elasticjupyter.bench.contender.Spec;
import io.elasticjupyter.bench.contender.Stage;
import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.load.Tally;
import io.elasticjupyter.bench.load.WebSocketLink;
import io.elasticjupyter.bench.report.Figures;
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client that never reads while its kernel sends 300 MB, and what the neighbor notices. */
public final class NeverReadsRow implements Row<Stage> {
  private static final int COUNT = 300;
  private static final Metric BEFORE = Metric.lower("PSS before", "MB");
  private static final Metric GROWTH = Metric.lower("PSS grows by", "MB");
  private static final Metric MEDIAN = Metric.lower("neighbor median", "ms");
  private static final Metric HIGHEST = Metric.lower("neighbor p99", "ms");
  private static final Metric LOST = Metric.lower("lost of 300 when it reads at last", "");
  private static final Duration WATCHED = Duration.ofSeconds(6);
  private static final int SMALL_RECEIVE_BUFFER = 65_536;

  @Override
  public String key() {
    return "never-reads";
  }

  @Override
  public String title() {
    return "A client that never reads, 300 MB";
  }

  @Override
  public String method() {
    return "A cell sends 300 outputs of 1 MB to a client that reads nothing for 6 s; the highest PSS of"
        + " the gateway and the round trips of another kernel meanwhile. Then the client reads.";
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        new Goal("growth with a client that never reads", GROWTH, new Goal.AtMost(64)),
        new Goal("lost after it reads", LOST, new Goal.AtMost(0)));
  }

  @Override
  public boolean asks(Contender contender) {
    return switch (contender) {
      case OURS, JUPYTER_SERVER, KERNEL_GATEWAY, ENTERPRISE_GATEWAY -> true;
      case RAW, OURS_LEGACY, JUPYTER_SERVER_LIMITED -> false;
    };
  }

  @Override
  public void measure(Contender contender, Stage stage, Recorder recorder) throws IOException {
    try (Running running = stage.fresh(contender)) {
      KernelHandle sender = running.startKernel(Spec.INSTANT);
      KernelHandle neighbor = running.startKernel(Spec.INSTANT);
      WebSocketLink.Options deaf =
          new WebSocketLink.Options("deaf" + System.nanoTime(), true, false, SMALL_RECEIVE_BUFFER);
      // The neighbor acknowledges at once: what it waits for is then the gateway, not TCP.
      WebSocketLink.Options quick =
          new WebSocketLink.Options("near" + System.nanoTime(), true, true, 0);
      try (KernelLink deafLink = sender.connect(deaf);
          KernelLink nearLink = neighbor.connect(quick)) {
        deafLink.roundTrip("", Trips.LIMIT);
        Trips.over(nearLink, 500, Duration.ofSeconds(1));
        GatewayProcess memory = running.process().orElseThrow();
        double before = memory.proportional() / 1e6;
        Tally tally = new Tally(deafLink.execute("flood %d 1000000".formatted(COUNT)));
        List<Double> trips = new ArrayList<>();
        double highest = before;
        long end = System.nanoTime() + WATCHED.toNanos();
        while (System.nanoTime() < end) {
          trips.addAll(Trips.over(nearLink, 100, Duration.ofMillis(200)).millis());
          highest = Math.max(highest, memory.proportional() / 1e6);
        }
        recorder.record(BEFORE, before);
        recorder.record(GROWTH, highest - before);
        recorder.record(MEDIAN, Figures.percentile(trips, 0.5).orElseThrow());
        recorder.record(HIGHEST, Figures.percentile(trips, 0.99).orElseThrow());
        deafLink.collect(tally, Duration.ofSeconds(10));
        recorder.record(LOST, COUNT - tally.distinct());
      } finally {
        sender.stop();
        neighbor.stop();
      }
    }
  }
}
