// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.report;

import io.elasticjupyter.bench.contender.Contender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;

/** All samples of one row: for each contender and metric one per round. Not thread-safe. */
public final class Figures {
  private final Map<Contender, Map<Metric, List<Double>>> samples = new EnumMap<>(Contender.class);
  private final Map<Contender, String> failures = new EnumMap<>(Contender.class);

  public void add(Contender contender, Metric metric, double value) {
    samples
        .computeIfAbsent(contender, _ -> new LinkedHashMap<>())
        .computeIfAbsent(metric, _ -> new ArrayList<>())
        .add(value);
  }

  /** Notes that a contender could not be measured in some round, and why. */
  public void fail(Contender contender, String reason) {
    failures.put(contender, reason);
  }

  public Map<Contender, String> failures() {
    return Map.copyOf(failures);
  }

  /** Contenders that have samples, in their order of declaration. */
  public Set<Contender> contenders() {
    return new LinkedHashSet<>(samples.keySet());
  }

  /** Metrics in the order in which they were first measured. */
  public Set<Metric> metrics() {
    Set<Metric> metrics = new LinkedHashSet<>();
    samples.values().forEach(byMetric -> metrics.addAll(byMetric.keySet()));
    return metrics;
  }

  public List<Double> samples(Contender contender, Metric metric) {
    return samples.getOrDefault(contender, Map.of()).getOrDefault(metric, List.of());
  }

  public OptionalDouble median(Contender contender, Metric metric) {
    return percentile(samples(contender, metric), 0.5);
  }

  /** The best median among the peers with their limits off. */
  public OptionalDouble bestPeer(Metric metric) {
    DoubleBinaryOperator better =
        switch (metric.better()) {
          case HIGHER -> Math::max;
          case LOWER -> Math::min;
        };
    return Arrays.stream(Contender.values())
        .filter(Contender::isPeer)
        .flatMapToDouble(peer -> median(peer, metric).stream())
        .reduce(better);
  }

  /** The value below which that share of the samples lies, empty without samples. */
  public static OptionalDouble percentile(List<Double> values, double share) {
    if (values.isEmpty()) {
      return OptionalDouble.empty();
    }
    List<Double> sorted = values.stream().sorted().toList();
    if (share == 0.5 && sorted.size() % 2 == 0) {
      int middle = sorted.size() / 2;
      return OptionalDouble.of((sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }
    int index = (int) Math.min(sorted.size() - 1L, Math.round(share * (sorted.size() - 1)));
    return OptionalDouble.of(sorted.get(index));
  }
}
