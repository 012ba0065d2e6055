// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.row;

import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.report.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Round trips of an execute request, in milliseconds. */
record Trips(List<Double> millis) {
  static final Duration LIMIT = Duration.ofSeconds(30);

  /** Measures over one connection until one of both limits is reached. */
  static Trips over(KernelLink link, int most, Duration longest) throws IOException {
    List<Double> millis = new ArrayList<>();
    long end = System.nanoTime() + longest.toNanos();
    while (millis.size() < most && System.nanoTime() < end) {
      millis.add(link.roundTrip("", LIMIT) / 1e6);
    }
    return new Trips(millis);
  }

  double median() {
    return Figures.percentile(millis, 0.5).orElseThrow();
  }

  double highest99() {
    return Figures.percentile(millis, 0.99).orElseThrow();
  }
}
