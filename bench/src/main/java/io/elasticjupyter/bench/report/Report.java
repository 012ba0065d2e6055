// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.report;

import io.elasticjupyter.bench.contender.Contender;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables as Markdown, which is also what the terminal shows. */
public final class Report {
  private Report() {}

  /**
   * What was measured in one row.
   *
   * @param title of the row
   * @param method how it was measured, in one or two sentences
   * @param goals of the row
   * @param figures of the row
   */
  public record Section(String title, String method, List<Goal> goals, Figures figures) {}

  /** The table of goals: wanted, found, reached or not. */
  public static String verdicts(List<Section> sections) {
    List<String> lines = new ArrayList<>();
    lines.add("| what | wanted | found | |");
    lines.add("|---|---|---|---|");
    for (Section section : sections) {
      for (Goal goal : section.goals()) {
        lines.add(
            goal.judge(section.figures())
                .map(verdict ->
                    "| %s | %s | %s | %s |"
                        .formatted(
                            goal.title(),
                            verdict.wanted(),
                            verdict.found(),
                            verdict.reached() ? "reached" : "**not reached**"))
                .orElse("| %s | | not measured | |".formatted(goal.title())));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  /** The figures of one row: medians, their spread, and the ratios to raw and to ours. */
  public static String section(Section section) {
    Figures figures = section.figures();
    Set<Metric> metrics = figures.metrics();
    List<String> lines = new ArrayList<>();
    lines.add("### " + section.title());
    lines.add("");
    lines.add(section.method());
    lines.add("");
    lines.add(
        "| | " + metrics.stream().map(Metric::label).collect(Collectors.joining(" | ")) + " |");
    lines.add("|---|" + "---|".repeat(metrics.size()));
    for (Contender contender : figures.contenders()) {
      String cells =
          metrics.stream()
              .map(metric -> cell(figures, contender, metric))
              .collect(Collectors.joining(" | "));
      lines.add("| %s | %s |".formatted(contender.title(), cells));
    }
    figures
        .failures()
        .forEach((contender, reason) ->
            lines.add(
                "\n%s: not measured in every round: %s".formatted(contender.title(), reason)));
    return String.join("\n", lines) + "\n";
  }

  private static String cell(Figures figures, Contender contender, Metric metric) {
    List<Double> samples = figures.samples(contender, metric);
    OptionalDouble median = figures.median(contender, metric);
    if (median.isEmpty()) {
      return "–";
    }
    double value = median.getAsDouble();
    double low = samples.stream().mapToDouble(Double::doubleValue).min().orElse(value);
    double high = samples.stream().mapToDouble(Double::doubleValue).max().orElse(value);
    StringBuilder cell = new StringBuilder(Numbers.of(value));
    OptionalDouble raw = figures.median(Contender.RAW, metric);
    if (contender != Contender.RAW && raw.isPresent() && raw.getAsDouble() > 0) {
      cell.append(" = ").append(Numbers.of(value / raw.getAsDouble())).append("×");
    }
    if (low != high) {
      cell.append(" (%s–%s)".formatted(Numbers.of(low), Numbers.of(high)));
    }
    return cell.toString();
  }
}
