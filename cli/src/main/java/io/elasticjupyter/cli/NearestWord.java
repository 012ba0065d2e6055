// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what a person probably meant to type. */
final class NearestWord {

  private static final int MOST_MISTAKES = 3;

  private NearestWord() {}

  /** The known word with the fewest mistakes; empty where all have too many. */
  static Optional<String> among(Collection<String> known, String typed) {
    return known.stream()
        .filter(candidate -> mistakes(typed, candidate) <= MOST_MISTAKES)
        .min(Comparator.comparingInt((String candidate) -> mistakes(typed, candidate)));
  }

  /** Letters to insert, leave out, replace or swap with a neighbor. */
  private static int mistakes(String left, String right) {
    int[][] cost = new int[left.length() + 1][right.length() + 1];
    for (int row = 0; row <= left.length(); row++) {
      for (int column = 0; column <= right.length(); column++) {
        if (row == 0 || column == 0) {
          cost[row][column] = row + column;
          continue;
        }
        int differs = left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1;
        int best = Math.min(cost[row - 1][column], cost[row][column - 1]) + 1;
        best = Math.min(best, cost[row - 1][column - 1] + differs);
        if (row > 1
            && column > 1
            && left.charAt(row - 1) == right.charAt(column - 2)
            && left.charAt(row - 2) == right.charAt(column - 1)) {
          best = Math.min(best, cost[row - 2][column - 2] + 1);
        }
        cost[row][column] = best;
      }
    }
    return cost[left.length()][right.length()];
  }
}
