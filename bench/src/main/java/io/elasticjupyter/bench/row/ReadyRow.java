// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.row;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.contender.GatewayProcess;
import io.elasticjupyter.bench.contender.Running;
import io.elasticjupyter.bench.contender.Stage;
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import java.io.IOException;
import java.util.List;

/** How soon a gateway answers after its start, and what it weighs then. */
public final class ReadyRow implements Row<Stage> {
  private static final Metric READY = Metric.lower("ready after", "s");
  private static final Metric RESIDENT = Metric.lower("RSS", "MB");
  private static final Metric PROPORTIONAL = Metric.lower("PSS", "MB");

  @Override
  public String key() {
    return "ready";
  }

  @Override
  public String title() {
    return "Ready after start";
  }

  @Override
  public String method() {
    return "From the start of the process until GET /api answers 200; memory directly after it.";
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        new Goal("ready after start", READY, new Goal.AtMost(0.5)),
        new Goal("PSS after start", PROPORTIONAL, new Goal.AtMost(90)));
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
      GatewayProcess memory = running.process().orElseThrow();
      recorder.record(READY, running.readyAfter().toMillis() / 1e3);
      recorder.record(RESIDENT, memory.resident() / 1e6);
      recorder.record(PROPORTIONAL, memory.proportional() / 1e6);
    }
  }
}
