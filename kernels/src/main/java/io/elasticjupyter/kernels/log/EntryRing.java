// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Entries in memory, oldest first, with a look-up by place, which {@link ArrayDeque} does not have.
 * Not thread-safe: the log's lock guards it.
 */
final class EntryRing {

  private static final int SMALLEST = 16;

  private @Nullable LogEntry[] slots = new @Nullable LogEntry[SMALLEST];
  private int first;
  private int count;
  private long bytes;

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  LogEntry get(int index) {
    LogEntry entry = index < count ? slots[(first + index) & (slots.length - 1)] : null;
    if (entry == null) {
      throw new NoSuchElementException("entry " + index + " of " + count);
    }
    return entry;
  }

  void add(LogEntry entry) {
    if (count == slots.length) {
      resize(slots.length * 2);
    }
    slots[(first + count) & (slots.length - 1)] = entry;
    count++;
    bytes += entry.size();
  }

  LogEntry removeFirst() {
    LogEntry entry = get(0);
    slots[first] = null;
    first = (first + 1) & (slots.length - 1);
    count--;
    bytes -= entry.size();
    // A flood must not leave a large array behind in a kernel that is idle for days.
    if (count == 0 && slots.length > 1024) {
      slots = new @Nullable LogEntry[SMALLEST];
      first = 0;
    }
    return entry;
  }

  /**
   * Index of the first entry whose sequence is at least {@code sequence}; {@code count} if none.
   */
  int indexOf(long sequence) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle).sequence() < sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void resize(int capacity) {
    @Nullable LogEntry[] larger = new @Nullable LogEntry[capacity];
    int tail = Math.min(count, slots.length - first);
    System.arraycopy(slots, first, larger, 0, tail);
    System.arraycopy(slots, 0, larger, tail, count - tail);
    Arrays.fill(slots, null);
    slots = larger;
    first = 0;
  }
}
