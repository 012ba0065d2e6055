// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.row;

import io.elasticjupyter.bench.contender.Contender;
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

/** Disconnected while the kernel prints, and back: with the same session, or as a new tab. */
public final class ReconnectRow implements Row<Stage> {
  private static final int COUNT = 100;
  private static final int MILLIS_BETWEEN = 10;
  private static final Duration READING = Duration.ofMillis(300);
  private static final Duration AWAY = Duration.ofMillis(400);
  private static final Metric SAME = Metric.lower("lost of 100, same session", "");
  private static final Metric OTHER = Metric.lower("lost of 100, another session", "");

  @Override
  public String key() {
    return "reconnect";
  }

  @Override
  public String title() {
    return "Disconnected while the kernel prints";
  }

  @Override
  public String method() {
    return "A cell prints 100 messages, one in 10 ms. The client reads for 0.3 s, loses its connection,"
        + " is away for 0.4 s and comes back; what neither connection brought is lost.";
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        new Goal("lost when back, same session", SAME, new Goal.AtMost(0)),
        new Goal("lost when back, another session", OTHER, new Goal.AtMost(0)));
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
    Running running = stage.shared(contender);
    recorder.record(SAME, lost(running, true));
    recorder.record(OTHER, lost(running, false));
  }

  private static int lost(Running running, boolean sameSession) throws IOException {
    KernelHandle kernel = running.startKernel(Spec.INSTANT);
    try {
      String session = "first" + System.nanoTime();
      Tally tally;
      try (KernelLink first = kernel.connect(session)) {
        first.roundTrip("", Trips.LIMIT);
        tally = new Tally(first.execute("drip %d 100 %d".formatted(COUNT, MILLIS_BETWEEN)));
        first.collectFor(tally, READING);
      }
      pause(AWAY);
      String back = sameSession ? session : "second" + System.nanoTime();
      try (KernelLink second = kernel.connect(back)) {
        second.collect(tally, Duration.ofSeconds(3));
      }
      return COUNT - tally.distinct();
    } finally {
      kernel.stop();
    }
  }

  private static void pause(Duration duration) throws IOException {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
