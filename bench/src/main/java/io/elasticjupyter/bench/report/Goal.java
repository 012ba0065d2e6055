// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.report;

import io.elasticjupyter.bench.contender.Contender;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What our figure shall reach.
 *
 * @param title of what is held against it
 * @param metric that is looked at
 * @param target to reach
 */
public record Goal(String title, Metric metric, Target target) {

  /** What a figure is held against. */
  public sealed interface Target {}

  /** At least so many times raw ZeroMQ. */
  public record TimesRaw(double factor) implements Target {}

  /** At least so many times the best peer. */
  public record TimesBestPeer(double factor) implements Target {}

  /** At most that share of what the best peer takes. */
  public record ShareOfBestPeer(double most) implements Target {}

  /** At most so much above raw ZeroMQ. */
  public record AboveRaw(double most) implements Target {}

  /** At most so much. */
  public record AtMost(double most) implements Target {}

  /** At least so much. */
  public record AtLeast(double least) implements Target {}

  /**
   * How our figure compares.
   *
   * @param wanted in words
   * @param found in words
   * @param reached whether it is good enough
   */
  public record Verdict(String wanted, String found, boolean reached) {}

  /** Compares; empty when a figure that it needs is not there. */
  public Optional<Verdict> judge(Figures figures) {
    OptionalDouble ours = figures.median(Contender.OURS, metric);
    if (ours.isEmpty()) {
      return Optional.empty();
    }
    double value = ours.getAsDouble();
    return switch (target) {
      case TimesRaw(double factor) ->
          ratio(value, figures.median(Contender.RAW, metric), factor, "raw");
      case TimesBestPeer(double factor) ->
          ratio(value, figures.bestPeer(metric), factor, "the best peer");
      case ShareOfBestPeer(double most) -> share(value, figures.bestPeer(metric), most);
      case AboveRaw(double most) -> {
        OptionalDouble raw = figures.median(Contender.RAW, metric);
        yield raw.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Verdict(
                    "≤ raw + %s %s".formatted(Numbers.of(most), metric.unit()),
                    String.format(
                        Locale.ROOT, "raw %+.2f %s", value - raw.getAsDouble(), metric.unit()),
                    value - raw.getAsDouble() <= most));
      }
      case AtMost(double most) ->
          Optional.of(
              new Verdict(
                  "≤ %s %s".formatted(Numbers.of(most), metric.unit()).strip(),
                  "%s %s".formatted(Numbers.of(value), metric.unit()).strip(),
                  value <= most));
      case AtLeast(double least) ->
          Optional.of(
              new Verdict(
                  "≥ %s %s".formatted(Numbers.of(least), metric.unit()).strip(),
                  "%s %s".formatted(Numbers.of(value), metric.unit()).strip(),
                  value >= least));
    };
  }

  private static Optional<Verdict> ratio(
      double ours, OptionalDouble other, double factor, String whom) {
    if (other.isEmpty() || other.getAsDouble() == 0) {
      return Optional.empty();
    }
    double ratio = ours / other.getAsDouble();
    return Optional.of(
        new Verdict(
            "≥ %s × %s".formatted(Numbers.of(factor), whom),
            "%s × %s".formatted(Numbers.of(ratio), whom),
            ratio >= factor));
  }

  private static Optional<Verdict> share(double ours, OptionalDouble peer, double most) {
    if (peer.isEmpty() || peer.getAsDouble() == 0) {
      return Optional.empty();
    }
    double share = ours / peer.getAsDouble();
    return Optional.of(
        new Verdict(
            "≤ %s × the best peer".formatted(Numbers.of(most)),
            "%s × the best peer".formatted(Numbers.of(share)),
            share <= most));
  }
}
