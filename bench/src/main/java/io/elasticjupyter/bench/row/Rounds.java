// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.row;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.report.Figures;
import io.elasticjupyter.bench.report.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * Asks a question round by round, the contenders in turns within each.
 *
 * @param count of rounds
 * @param contenders who is asked, in this order
 * @param out where each figure is told at once
 */
public record Rounds(int count, List<Contender> contenders, PrintStream out) {

  /** Asks all, and returns all that they answered; who fails is noted with the reason. */
  public <S> Report.Section of(Row<S> row, S stage) {
    Figures figures = new Figures();
    for (int round = 1; round <= count; round++) {
      for (Contender contender : contenders) {
        if (row.asks(contender)) {
          out.printf("%s, round %d, %s:", row.key(), round, contender.title());
          ask(row, contender, stage, figures);
        }
      }
    }
    return new Report.Section(row.title(), row.method(), row.goals(), figures);
  }

  private <S> void ask(Row<S> row, Contender contender, S stage, Figures figures) {
    try {
      row.measure(
          contender,
          stage,
          (metric, value) -> {
            figures.add(contender, metric, value);
            out.printf(" %s=%.2f", metric.label(), value);
            out.flush();
          });
      out.println();
    } catch (IOException failure) {
      figures.fail(contender, String.valueOf(failure.getMessage()));
      out.printf(" FAILED: %s%n", failure);
    }
  }
}
