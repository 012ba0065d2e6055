// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.row;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.contender.KernelHandle;
import io.elasticjupyter.bench.contender.Spec;
import io.elasticjupyter.bench.contender.Stage;
import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.load.WebSocketLink;
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** An execute request there and back, with the instant kernel and one client. */
public final class RoundTripRow implements Row<Stage> {
  private static final Metric MEDIAN = Metric.lower("median", "ms");
  private static final Metric HIGHEST = Metric.lower("p99", "ms");
  private static final Metric QUICK_MEDIAN = Metric.lower("median, quick ACK", "ms");
  private static final Metric QUICK_HIGHEST = Metric.lower("p99, quick ACK", "ms");
  private static final int MOST = 1_000;
  private static final Duration LONGEST = Duration.ofSeconds(4);
  private static final Duration WARM_UP = Duration.ofSeconds(1);

  @Override
  public String key() {
    return "round-trip";
  }

  @Override
  public String title() {
    return "Execute round trip";
  }

  @Override
  public String method() {
    return "From sending an execute request until both its reply and the idle status are there; up to"
        + " 1,000 in a row. \"Quick ACK\": the client acknowledges each TCP segment at once, as no"
        + " client does by default; the difference is what small writes without TCP_NODELAY cost.";
  }

  @Override
  public List<Goal> goals() {
    return List.of(new Goal("execute round trip, median", MEDIAN, new Goal.AboveRaw(0.3)));
  }

  @Override
  public boolean asks(Contender contender) {
    return contender != Contender.JUPYTER_SERVER_LIMITED;
  }

  @Override
  public void measure(Contender contender, Stage stage, Recorder recorder) throws IOException {
    KernelHandle kernel = stage.shared(contender).startKernel(Spec.INSTANT);
    try {
      Trips usual = trips(kernel, false);
      recorder.record(MEDIAN, usual.median());
      recorder.record(HIGHEST, usual.highest99());
      if (contender != Contender.RAW) {
        Trips quick = trips(kernel, true);
        recorder.record(QUICK_MEDIAN, quick.median());
        recorder.record(QUICK_HIGHEST, quick.highest99());
      }
    } finally {
      kernel.stop();
    }
  }

  private static Trips trips(KernelHandle kernel, boolean quickAcknowledge) throws IOException {
    WebSocketLink.Options options =
        new WebSocketLink.Options("bench" + System.nanoTime(), true, quickAcknowledge, 0);
    try (KernelLink link = kernel.connect(options)) {
      Trips.over(link, MOST, WARM_UP);
      return Trips.over(link, MOST, LONGEST);
    }
  }
}
