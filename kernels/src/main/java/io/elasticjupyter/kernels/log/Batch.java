// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import java.util.List;

/**
 * What a cursor reads at once.
 *
 * @param missingMessages how many a limit took away before the first entry; 0 for none
 * @param missingBytes their size
 * @param entries in order; empty where there is nothing to read
 * @param more whether the log holds more behind them now
 */
public record Batch(long missingMessages, long missingBytes, List<LogEntry> entries, boolean more) {

  static final Batch EMPTY = new Batch(0, 0, List.of(), false);

  public Batch {
    entries = List.copyOf(entries);
  }
}
