// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Numbered lines that a kernel printed, as clients got them. */
final class Numbers {

  /**
   * How many messages a client may get twice when its connection is lost: those whose receipt it
   * could not confirm any more.
   */
  private static final int TWICE_AT_MOST = 16;

  private Numbers() {}

  /** Every number from 0, once, in order. */
  static void assertAllInOrder(List<Integer> numbers, int count) {
    assertThat(firstFault(numbers, count)).isEmpty();
  }

  /**
   * Every number from 0, in order, of a client that was disconnected between: the few at the seam
   * may have come twice.
   */
  static void assertAllInOrderOverASeam(List<Integer> numbers, int count) {
    List<Integer> once = new ArrayList<>(new LinkedHashSet<>(numbers));
    assertThat(firstFault(once, count)).isEmpty();
    assertThat(numbers.size() - count).as("messages that came twice").isBetween(0, TWICE_AT_MOST);
  }

  /**
   * Every number from 0, in order, but for one gap: what a kernel publishes while no gateway runs
   * goes nowhere, as a PUB socket without a subscriber drops it. What came before and what comes
   * after must be whole.
   */
  static void assertAllButOneGap(List<Integer> numbers, int count) {
    List<Integer> once = new ArrayList<>(new LinkedHashSet<>(numbers));
    assertThat(numbers.size() - once.size()).as("came twice").isBetween(0, TWICE_AT_MOST);
    assertThat(once).as("in order").isSorted();
    assertThat(once.getFirst()).isZero();
    assertThat(once.getLast()).as("the end of the output").isEqualTo(count - 1);
    long gaps =
        IntStream.range(1, once.size())
            .filter(index -> once.get(index) > once.get(index - 1) + 1)
            .count();
    assertThat(gaps).as("gaps in %s", once).isLessThanOrEqualTo(1);
  }

  /** In words, for a list of 20,000 is no message for a person; empty where there is none. */
  private static String firstFault(List<Integer> numbers, int count) {
    List<Integer> wanted = IntStream.range(0, count).boxed().toList();
    if (numbers.equals(wanted)) {
      return "";
    }
    int at = 0;
    while (at < Math.min(numbers.size(), count) && numbers.get(at) == at) {
      at++;
    }
    List<Integer> there = numbers.subList(at, Math.min(numbers.size(), at + 5));
    Set<Integer> came = new HashSet<>(numbers);
    long missing = wanted.stream().filter(number -> !came.contains(number)).count();
    return "%d numbers of %d came, %d are missing; at place %d come %s"
        .formatted(numbers.size(), count, missing, at, there);
  }
}
