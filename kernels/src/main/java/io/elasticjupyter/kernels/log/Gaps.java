// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gaps of a log, oldest first. They are the log's and not a reader's, so that a reader that
 * comes later, or again, is told as well. Not thread-safe: the log's lock guards it.
 */
final class Gaps {

  private final List<Gap> gaps = new ArrayList<>();

  /** Notes a gap; one that follows another directly makes it longer. */
  void add(Gap gap) {
    int index = gaps.size();
    while (index > 0 && gaps.get(index - 1).from() > gap.from()) {
      index--;
    }
    if (index > 0 && gaps.get(index - 1).through() + 1 == gap.from()) {
      gaps.set(index - 1, gaps.get(index - 1).with(gap));
    } else {
      gaps.add(index, gap);
    }
  }

  /** The first gap that ends at {@code position} or behind it. */
  Optional<Gap> at(long position) {
    return gaps.stream().filter(gap -> gap.through() >= position).findFirst();
  }

  /** Forgets what no reader will come to any more. */
  void dropThrough(long sequence) {
    if (!gaps.isEmpty() && gaps.getFirst().from() <= sequence) {
      gaps.removeIf(gap -> gap.through() <= sequence);
      gaps.replaceAll(gap -> gap.after(sequence + 1));
    }
  }
}
