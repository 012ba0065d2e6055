// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import io.elasticjupyter.bench.row.Row;
import java.io.IOException;
import java.util.List;

/** One kernel's start and end: from asking for it to its first cell, from its end to no Pod. */
final class FirstCellRow implements Row<ClusterStage> {
  private static final Metric ANSWERED = Metric.lower("POST answered", "ms");
  private static final Metric FIRST = Metric.lower("first cell has run", "ms");
  private static final Metric DELETED = Metric.lower("DELETE answered", "ms");
  private static final Metric GONE = Metric.lower("Pod gone", "ms");
  private static final int REPEATS = 3;

  @Override
  public String key() {
    return "first-cell";
  }

  @Override
  public String title() {
    return "From POST to the first cell, from DELETE to no Pod";
  }

  @Override
  public String method() {
    return "POST, then the websocket, then an execute request at once; until its reply and the idle"
        + " status. Then DELETE, until the API server knows no such Pod. Raw: Secret and Pod of the"
        + " same image made by hand, ZeroMQ to its address, the Pod"
        + " deleted and its process ended, which is what the kubelet needs to tell so. Enterprise"
        + " Gateway deletes the Pod's record without grace; its process ends later.";
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        new Goal("POST answered", ANSWERED, new Goal.AtMost(50)),
        new Goal("POST to first cell", FIRST, new Goal.AboveRaw(300)),
        new Goal("POST to first cell", FIRST, new Goal.ShareOfBestPeer(0.5)),
        new Goal("DELETE to Pod gone", GONE, new Goal.AboveRaw(300)));
  }

  @Override
  public boolean asks(Contender contender) {
    return true;
  }

  @Override
  public void measure(Contender contender, ClusterStage stage, Recorder recorder)
      throws IOException {
    KernelSource source = stage.source(contender);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      long start = System.nanoTime();
      KernelSource.StartedKernel kernel = source.start();
      double answered = since(start);
      try (KernelLink link = kernel.connect("bench" + start)) {
        link.roundTrip("pass", ClusterStage.LIMIT);
        recorder.record(FIRST, since(start));
      } finally {
        long end = System.nanoTime();
        kernel.stop();
        if (contender != Contender.RAW) {
          recorder.record(ANSWERED, answered);
          recorder.record(DELETED, since(end));
        }
        stage.pods(contender).awaitGone(kernel.pod(), ClusterStage.LIMIT);
        recorder.record(GONE, since(end));
      }
    }
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e6;
  }
}
