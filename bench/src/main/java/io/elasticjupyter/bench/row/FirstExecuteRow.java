// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.row;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.contender.KernelHandle;
import io.elasticjupyter.bench.contender.Running;
import io.elasticjupyter.bench.contender.Spec;
import io.elasticjupyter.bench.contender.Stage;
import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import java.io.IOException;
import java.util.List;

/** From asking for a kernel until its first cell has run. */
public final class FirstExecuteRow implements Row<Stage> {
  private static final Metric IPYKERNEL = Metric.lower("ipykernel", "ms");
  private static final Metric SCRIPTED = Metric.lower("instant kernel", "ms");
  private static final int REPEATS = 3;

  @Override
  public String key() {
    return "first-execute";
  }

  @Override
  public String title() {
    return "From POST to the first cell that has run";
  }

  @Override
  public String method() {
    return "POST, then the websocket, then an execute request at once; until its reply and the idle"
        + " status. Raw: the process started by hand with a connection file, and ZeroMQ.";
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        new Goal("POST to first execute, ipykernel", IPYKERNEL, new Goal.AboveRaw(30)),
        new Goal("POST to first execute, instant kernel", SCRIPTED, new Goal.AboveRaw(30)));
  }

  @Override
  public boolean asks(Contender contender) {
    return contender != Contender.OURS_LEGACY && contender != Contender.JUPYTER_SERVER_LIMITED;
  }

  @Override
  public void measure(Contender contender, Stage stage, Recorder recorder) throws IOException {
    Running running = stage.shared(contender);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      recorder.record(IPYKERNEL, first(running, Spec.IPYKERNEL, "pass"));
      recorder.record(SCRIPTED, first(running, Spec.INSTANT, ""));
    }
  }

  private static double first(Running running, Spec spec, String code) throws IOException {
    long start = System.nanoTime();
    KernelHandle kernel = running.startKernel(spec);
    try (KernelLink link = kernel.connect("bench" + System.nanoTime())) {
      link.roundTrip(code, Trips.LIMIT);
      return (System.nanoTime() - start) / 1e6;
    } finally {
      kernel.stop();
    }
  }
}
