// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import io.elasticjupyter.bench.row.Row;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the programs take while nobody asks for anything. */
final class WeightRow implements Row<ClusterStage> {
  private static final Metric GATEWAY = Metric.lower("gateway PSS", "MB");
  private static final Metric GATEWAY_TIME = Metric.lower("gateway processor", "%");
  private static final Metric OPERATOR = Metric.lower("operator PSS", "MB");
  private static final Metric OPERATOR_TIME = Metric.lower("operator processor", "%");
  private static final Metric READY = Metric.lower("operator ready after", "s");
  private static final Duration WATCHED = Duration.ofSeconds(10);

  @Override
  public String key() {
    return "weight";
  }

  @Override
  public String title() {
    return "Gateway and operator at rest";
  }

  @Override
  public String method() {
    return "Memory and processor time of the Pods' processes over %d seconds without kernels. The operator's start: from its process to the line that says it works."
        .formatted(WATCHED.toSeconds());
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        new Goal("gateway PSS in its Pod", GATEWAY, new Goal.AtMost(100)),
        new Goal("gateway processor at rest", GATEWAY_TIME, new Goal.AtMost(0.2)),
        new Goal("operator PSS", OPERATOR, new Goal.AtMost(150)),
        new Goal("operator ready after", READY, new Goal.AtMost(2)));
  }

  @Override
  public boolean asks(Contender contender) {
    return contender != Contender.RAW;
  }

  @Override
  public void measure(Contender contender, ClusterStage stage, Recorder recorder)
      throws IOException {
    KernelSource _ = stage.source(contender);
    weigh(PodProcesses.of(stage.gatewayPod(contender)), GATEWAY, GATEWAY_TIME, recorder);
    if (contender == Contender.OURS) {
      PodProcesses operator = PodProcesses.of(stage.operator().pod());
      weigh(operator, OPERATOR, OPERATOR_TIME, recorder);
      Optional<Instant> ready = stage.operator().readyAt();
      if (ready.isPresent()) {
        recorder.record(READY, Duration.between(operator.started(), ready.get()).toMillis() / 1e3);
      }
    }
  }

  private static void weigh(PodProcesses processes, Metric memory, Metric time, Recorder recorder)
      throws IOException {
    Duration before = processes.processorTime();
    try {
      Thread.sleep(WATCHED);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
    Duration used = processes.processorTime().minus(before);
    recorder.record(memory, processes.proportional() / 1e6);
    recorder.record(time, 100.0 * used.toNanos() / WATCHED.toNanos());
  }
}
