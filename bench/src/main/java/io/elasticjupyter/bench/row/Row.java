// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.row;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.report.Goal;
import io.elasticjupyter.bench.report.Metric;
import java.io.IOException;
import java.util.List;

/**
 * One question, asked of each contender in each round.
 *
 * @param <S> where the contenders are started
 */
public interface Row<S> {

  /** The name on the command line. */
  String key();

  String title();

  /** How it is measured, for the reader of the table. */
  String method();

  List<Goal> goals();

  /** Whether the question makes sense for that contender. */
  boolean asks(Contender contender);

  /** Asks once; gives each figure to the recorder. */
  void measure(Contender contender, S stage, Recorder recorder) throws IOException;

  /** Takes the figures of one contender in one round. */
  interface Recorder {
    void record(Metric metric, double value);
  }
}
