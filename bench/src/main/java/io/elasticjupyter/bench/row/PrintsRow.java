// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.row;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.contender.KernelHandle;
import io.elasticjupyter.bench.contender.Spec;
import io.elasticjupyter.bench.contender.Stage;
import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.load.Tally;
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** 20,000 prints of a real ipykernel, whose publisher drops what a slow subscriber leaves. */
public final class PrintsRow implements Row<Stage> {
  private static final int COUNT = 20_000;
  private static final Metric LOST = Metric.lower("lines lost", "%");
  private static final Metric LOST_FLUSHED = Metric.lower("lines lost, flushed", "%");
  private static final Metric SECONDS = Metric.lower("took, flushed", "s");

  @Override
  public String key() {
    return "prints";
  }

  @Override
  public String title() {
    return "20,000 prints of a real ipykernel";
  }

  @Override
  public String method() {
    return "A cell prints 20,000 lines of 100 characters, once as they are (ipykernel joins them) and"
        + " once each flushed by itself. ipykernel's publisher drops when its subscriber is slow.";
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        new Goal("prints lost", LOST, new Goal.AtMost(0)),
        new Goal("flushed prints lost", LOST_FLUSHED, new Goal.AtMost(0)));
  }

  @Override
  public boolean asks(Contender contender) {
    return contender != Contender.OURS_LEGACY;
  }

  @Override
  public void measure(Contender contender, Stage stage, Recorder recorder) throws IOException {
    KernelHandle kernel = stage.shared(contender).startKernel(Spec.IPYKERNEL);
    try (KernelLink link = kernel.connect("bench" + System.nanoTime())) {
      link.roundTrip("pass", Duration.ofSeconds(60));
      recorder.record(LOST, lost(print(link, "")));
      long start = System.nanoTime();
      Tally flushed = print(link, ", flush=True");
      recorder.record(LOST_FLUSHED, lost(flushed));
      recorder.record(SECONDS, (System.nanoTime() - start) / 1e9);
    } finally {
      kernel.stop();
    }
  }

  private static double lost(Tally tally) {
    return 100.0 * (COUNT - tally.lines()) / COUNT;
  }

  private static Tally print(KernelLink link, String flush) throws IOException {
    String code =
        "for i in range(%d):\n    print(f\"{i:08d}\" + \"x\" * 91%s)".formatted(COUNT, flush);
    Tally tally = new Tally(link.execute(code));
    link.collect(tally, Duration.ofSeconds(8));
    return tally;
  }
}
