// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of a log whose output is gone: a limit took it, or it could not be written or read.
 * What is vital in it survives, within limits of its own.
 *
 * @param from the first place that is gone
 * @param through the last
 * @param messages how many are missing
 * @param bytes their size
 * @param survivors what is left of the stretch, in order
 */
record Gap(long from, long through, long messages, long bytes, List<LogEntry> survivors) {

  /** Vital entries that outlive their segment; beyond, the oldest go as well. */
  private static final int MAX_SURVIVORS = 10_000;

  private static final long MAX_SURVIVING_BYTES = 4 * 1024 * 1024;

  Gap {
    survivors = List.copyOf(survivors);
  }

  /** What is left of entries in order, at least one, that are gone through the place given. */
  static Gap of(List<LogEntry> entries, long through) {
    Builder builder = new Builder(entries.getFirst().sequence());
    entries.forEach(builder::add);
    return builder.build(through);
  }

  /** This stretch and the one that follows it directly. */
  Gap with(Gap next) {
    Builder builder = new Builder(from);
    builder.messages = messages + next.messages;
    builder.bytes = bytes + next.bytes;
    survivors.forEach(builder::survive);
    next.survivors.forEach(builder::survive);
    return builder.build(next.through);
  }

  /** What is left for a reader that stands at {@code position}. */
  Gap after(long position) {
    if (position <= from) {
      return this;
    }
    List<LogEntry> left = survivors.stream().filter(e -> e.sequence() >= position).toList();
    long missing = Math.clamp(through - position + 1 - left.size(), 0, messages);
    long size = messages == 0 ? 0 : Math.round((double) bytes / messages * missing);
    return new Gap(position, through, missing, size, left);
  }

  /** Collects a gap entry by entry, so that a large segment is never in memory as a whole. */
  static final class Builder {

    private final long from;
    private final List<LogEntry> survivors = new ArrayList<>();
    private long messages;
    private long bytes;

    Builder(long from) {
      this.from = from;
    }

    void add(LogEntry entry) {
      switch (entry.kind()) {
        case VITAL -> survive(entry);
        case BULK -> miss(1, entry.size());
      }
    }

    void miss(long count, long size) {
      messages += count;
      bytes += size;
    }

    private void survive(LogEntry entry) {
      survivors.add(entry);
    }

    Gap build(long through) {
      long size = survivors.stream().mapToLong(LogEntry::size).sum();
      int gone = 0;
      while (survivors.size() - gone > MAX_SURVIVORS || size > MAX_SURVIVING_BYTES) {
        LogEntry oldest = survivors.get(gone++);
        size -= oldest.size();
        miss(1, oldest.size());
      }
      return new Gap(from, through, messages, bytes, survivors.subList(gone, survivors.size()));
    }
  }
}
