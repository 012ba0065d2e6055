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
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Many messages at once from one cell of the instant kernel, small or large. */
public record FloodRow(
    String key,
    String title,
    int count,
    int bytes,
    Metric rate,
    Measured measured,
    List<Goal> goals)
    implements Row<Stage> {
  private static final Metric LOST = Metric.lower("lost", "");
  private static final Metric WRONG = Metric.lower("repeated or out of order", "");
  private static final Metric PROCESSOR = Metric.lower("gateway's processor time", "µs/message");
  private static final Duration QUIET = Duration.ofSeconds(30);

  /** What the rate counts. */
  public enum Measured {
    MESSAGES,
    MEGABYTES
  }

  /** 20,000 messages of 100 bytes. */
  public static FloodRow small() {
    Metric rate = Metric.higher("received", "messages/s");
    return new FloodRow(
        "flood",
        "Flood of 20,000 small messages",
        20_000,
        100,
        rate,
        Measured.MESSAGES,
        List.of(
            new Goal("small messages", rate, new Goal.TimesRaw(0.5)),
            new Goal("small messages", rate, new Goal.TimesBestPeer(8)),
            new Goal("small messages lost", LOST, new Goal.AtMost(0)),
            new Goal("repeated or out of order", WRONG, new Goal.AtMost(0))));
  }

  /** 100 messages of a megabyte. */
  public static FloodRow large() {
    Metric rate = Metric.higher("received", "MB/s");
    return new FloodRow(
        "large",
        "100 outputs of 1 MB",
        100,
        1_000_000,
        rate,
        Measured.MEGABYTES,
        List.of(
            new Goal("1 MB outputs", rate, new Goal.TimesRaw(0.5)),
            new Goal("1 MB outputs lost", LOST, new Goal.AtMost(0))));
  }

  @Override
  public String method() {
    return ("One execute request makes the instant kernel send %,d messages of %,d bytes, signed"
            + " beforehand; its publisher's queue has no limit, so what is missing was lost by the"
            + " gateway. From the moment the kernel begins to send until the last message is there,"
            + " after one such flood for warming up.")
        .formatted(count, bytes);
  }

  @Override
  public boolean asks(Contender contender) {
    return true;
  }

  @Override
  public void measure(Contender contender, Stage stage, Recorder recorder) throws IOException {
    Running running = stage.shared(contender);
    KernelHandle kernel = running.startKernel(Spec.INSTANT);
    try (KernelLink link = kernel.connect("bench" + System.nanoTime())) {
      link.roundTrip("", Duration.ofSeconds(60));
      flood(link);
      Optional<GatewayProcess> process = running.process();
      Duration before = process.map(GatewayProcess::processorTime).orElse(Duration.ZERO);
      Tally tally = flood(link);
      double amount =
          switch (measured) {
            case MESSAGES -> tally.distinct();
            case MEGABYTES -> tally.outputBytes() / 1e6;
          };
      recorder.record(rate, tally.distinct() == 0 ? 0 : amount / tally.outputSeconds());
      process
          .map(GatewayProcess::processorTime)
          .ifPresent(
              after -> recorder.record(PROCESSOR, after.minus(before).toNanos() / 1e3 / count));
      recorder.record(LOST, count - tally.distinct());
      recorder.record(WRONG, tally.repeated() + tally.disordered());
    } finally {
      kernel.stop();
    }
  }

  private Tally flood(KernelLink link) throws IOException {
    Tally tally = new Tally(link.execute("flood %d %d".formatted(count, bytes)));
    link.collect(tally, QUIET);
    return tally;
  }
}
