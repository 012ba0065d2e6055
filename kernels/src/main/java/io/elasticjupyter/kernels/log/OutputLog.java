// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a kernel sent until every reader confirmed it, within limits. Appending never waits
 * for a reader. Overflow rule: memory spills to disk, and at the disk limit the oldest segment is
 * cut; vital entries of a cut segment are kept, bulk ones are counted for whoever missed them.
 *
 * <p>Any thread may append; each {@link Cursor} is read by one thread at a time. Lock order: disk
 * lock, then lock; nothing is written or read on disk under the second.
 */
public final class OutputLog {

  private static final System.Logger LOG = System.getLogger(OutputLog.class.getName());

  /** Vital entries that outlive their segment; beyond, the oldest go as well. */
  private static final int MAX_SURVIVORS = 10_000;

  /** Added to the sequence at recovery, so that what a crash took can never be given out again. */
  private static final long RECOVERY_STEP = 1_000_000;

  private final LogLimits limits;
  private final MemoryBudget budget;
  private final LogDisk disk;
  private final ReentrantLock diskLock = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final EntryRing ring = new EntryRing();
  private final Set<Cursor> cursors = new HashSet<>();
  private List<LogEntry> survivors = List.of();
  private long nextSequence = 1;
  private long changes;
  private long headAtLastFlush;
  private long cutThrough;

  /**
   * A log for one kernel.
   *
   * @param folder where its segments are; made when the first is written
   */
  public OutputLog(Path folder, LogLimits limits, MemoryBudget budget) {
    this.limits = limits;
    this.budget = budget;
    this.disk = new LogDisk(folder, limits);
  }

  /**
   * Takes over what an earlier run left.
   *
   * @param lastSequence the last sequence that run is known to have given out
   */
  public void recover(long lastSequence) throws IOException {
    diskLock.lock();
    try {
      long last = Math.max(lastSequence, disk.recover());
      lock.lock();
      try {
        nextSequence = last == 0 ? 1 : last + RECOVERY_STEP;
        headAtLastFlush = nextSequence - 1;
        disk.skipThrough(headAtLastFlush);
      } finally {
        lock.unlock();
      }
    } finally {
      diskLock.unlock();
    }
  }

  /** Appends a message and gives its sequence. Waits for nothing but the disk, at the limit. */
  public long append(LogEntry.Kind kind, @Nullable String target, JupyterMessage message) {
    return append(kind, target, message, true);
  }

  /** Appends without waking readers: the next message is here already, and its append will. */
  public long appendQuietly(LogEntry.Kind kind, @Nullable String target, JupyterMessage message) {
    return append(kind, target, message, false);
  }

  private long append(
      LogEntry.Kind kind, @Nullable String target, JupyterMessage message, boolean announced) {
    long sequence;
    boolean full;
    lock.lock();
    try {
      sequence = nextSequence++;
      changes++;
      LogEntry entry = new LogEntry(sequence, kind, target, message);
      ring.add(entry);
      budget.add(entry.size());
      if (announced) {
        news.signalAll();
      }
      full =
          ring.bytes() > limits.memoryBytes()
              || (budget.exhausted() && ring.bytes() > MemoryBudget.FLOOR);
    } finally {
      lock.unlock();
    }
    if (full) {
      spill();
    }
    return sequence;
  }

  /** Wakes readers for what was appended quietly. */
  public void announce() {
    lock.lock();
    try {
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Counts what was appended and confirmed, so that a timer can pass over a log at rest. */
  public long changes() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  /** The sequence that the next message will get. */
  public long nextSequence() {
    lock.lock();
    try {
      return nextSequence;
    } finally {
      lock.unlock();
    }
  }

  /** Opens a cursor that has confirmed everything up to {@code sequence}; 0 for the beginning. */
  public Cursor open(long sequence) {
    lock.lock();
    try {
      Cursor cursor = new Cursor(Math.min(sequence, nextSequence - 1));
      cursors.add(cursor);
      return cursor;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a cursor: nothing is kept for it any more. */
  public void release(Cursor cursor) {
    lock.lock();
    try {
      cursors.remove(cursor);
      trim();
    } finally {
      lock.unlock();
    }
  }

  /** Goes back to what was not confirmed, for a reader that comes again. */
  public void rewind(Cursor cursor) {
    lock.lock();
    try {
      cursor.position = cursor.confirmed + 1;
      cursor.lastGiven = cursor.confirmed;
      cursor.woken = false;
    } finally {
      lock.unlock();
    }
  }

  /** Everything up to this sequence is confirmed. */
  public long confirmed(Cursor cursor) {
    lock.lock();
    try {
      return cursor.confirmed;
    } finally {
      lock.unlock();
    }
  }

  /** Confirms everything up to {@code sequence}; what was never given is not confirmed. */
  public void confirm(Cursor cursor, long sequence) {
    lock.lock();
    try {
      if (sequence <= cursor.confirmed || sequence > cursor.lastGiven) {
        return;
      }
      // Entries behind the last given one were skipped as somebody else's: they are done with, too.
      changes++;
      cursor.confirmed = sequence == cursor.lastGiven ? cursor.position - 1 : sequence;
      trim();
    } finally {
      lock.unlock();
    }
  }

  /** Confirms everything that was given. */
  public void confirmGiven(Cursor cursor) {
    lock.lock();
    try {
      cursor.confirmed = cursor.position - 1;
      changes++;
      trim();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the thread that waits on the cursor, now or the next time that it waits. */
  public void wake(Cursor cursor) {
    lock.lock();
    try {
      cursor.woken = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is something behind the cursor, it is woken, or the time is over. */
  public void await(Cursor cursor, Duration timeout) throws InterruptedException {
    lock.lock();
    try {
      long nanos = timeout.toNanos();
      while (cursor.position >= nextSequence && !cursor.woken && nanos > 0) {
        nanos = news.awaitNanos(nanos);
      }
      cursor.woken = false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads on, without waiting.
   *
   * @param maxBytes the batch ends with the entry that reaches it
   * @param wanted which entries the reader gets; the others are passed over for good
   */
  public Batch read(Cursor cursor, long maxBytes, Predicate<LogEntry> wanted) {
    while (true) {
      @Nullable LogSegment segment = null;
      lock.lock();
      try {
        if (cursor.position <= cutThrough) {
          Batch batch = readSurvivors(cursor, wanted);
          if (!batch.entries().isEmpty() || batch.missingMessages() > 0) {
            return batch;
          }
        }
        if (!ring.isEmpty() && cursor.position >= ring.get(0).sequence()) {
          return readRing(cursor, maxBytes, wanted);
        }
        segment = segmentWith(cursor.position);
        if (segment == null) {
          if (ring.isEmpty()) {
            return Batch.EMPTY;
          }
          cursor.position = ring.get(0).sequence();
          continue;
        }
      } finally {
        lock.unlock();
      }
      Batch batch = readSegment(cursor, segment, maxBytes, wanted);
      if (!batch.entries().isEmpty()) {
        return batch;
      }
    }
  }

  private Batch readSurvivors(Cursor cursor, Predicate<LogEntry> wanted) {
    long from = cursor.position;
    List<LogEntry> entries =
        survivors.stream().filter(entry -> entry.sequence() >= from && wanted.test(entry)).toList();
    Batch batch = new Batch(cursor.missingMessages, cursor.missingBytes, entries, true);
    cursor.missingMessages = 0;
    cursor.missingBytes = 0;
    moveTo(cursor, cutThrough + 1, entries);
    return batch;
  }

  private Batch readRing(Cursor cursor, long maxBytes, Predicate<LogEntry> wanted) {
    List<LogEntry> entries = new ArrayList<>();
    long bytes = 0;
    int index = ring.indexOf(cursor.position);
    while (index < ring.count() && bytes < maxBytes) {
      LogEntry entry = ring.get(index++);
      if (wanted.test(entry)) {
        entries.add(entry);
        bytes += entry.size();
      }
    }
    boolean more = index < ring.count();
    moveTo(cursor, more ? ring.get(index).sequence() : nextSequence, entries);
    return new Batch(0, 0, entries, more);
  }

  private void moveTo(Cursor cursor, long position, List<LogEntry> given) {
    boolean allConfirmed = cursor.confirmed >= cursor.lastGiven;
    cursor.position = position;
    if (!given.isEmpty()) {
      cursor.lastGiven = given.getLast().sequence();
    } else if (allConfirmed) {
      cursor.confirmed = position - 1;
      trim();
    }
  }

  private @Nullable LogSegment segmentWith(long position) {
    for (LogSegment segment : disk.segments()) {
      if (segment.lastSequence() >= position) {
        return segment;
      }
    }
    return null;
  }

  /** Reads outside the lock, so that a slow disk slows this reader alone. */
  private Batch readSegment(
      Cursor cursor, LogSegment segment, long maxBytes, Predicate<LogEntry> wanted) {
    SegmentReading.Read read;
    try {
      read = SegmentReading.read(cursor, segment, maxBytes, wanted);
    } catch (IOException e) {
      SegmentReading.close(cursor);
      if (disk.segments().contains(segment)) {
        LOG.log(Level.WARNING, "event=segment-unreadable action=skipped reason={0}", e.toString());
        noteMissing(cursor, segment);
      }
      // Otherwise a limit cut it meanwhile, and the next round reads what is left.
      return Batch.EMPTY;
    }
    lock.lock();
    try {
      moveTo(cursor, read.next(), read.entries());
    } finally {
      lock.unlock();
    }
    return new Batch(0, 0, read.entries(), true);
  }

  private void noteMissing(Cursor cursor, LogSegment segment) {
    lock.lock();
    try {
      cursor.missingMessages += segment.lastSequence() - cursor.position + 1;
      cursor.missingBytes += segment.writtenBytes();
      cursor.position = segment.lastSequence() + 1;
    } finally {
      lock.unlock();
    }
  }

  /** Drops from memory what nobody needs. Under the lock. */
  private void trim() {
    long done = confirmedByAll();
    while (!ring.isEmpty() && ring.get(0).sequence() <= done) {
      budget.add(-ring.removeFirst().size());
    }
    if (!survivors.isEmpty() && survivors.getFirst().sequence() <= done) {
      survivors = survivors.stream().filter(entry -> entry.sequence() > done).toList();
    }
  }

  private long confirmedByAll() {
    // Without any reader everything is kept: the first one to come gets it.
    long done = cursors.isEmpty() ? 0 : Long.MAX_VALUE;
    for (Cursor cursor : cursors) {
      done = Math.min(done, cursor.confirmed);
    }
    return done;
  }

  /** Moves the older half of the memory to disk. */
  private void spill() {
    diskLock.lock();
    try {
      List<LogEntry> old = new ArrayList<>();
      lock.lock();
      try {
        long surplus = ring.bytes() - spillTarget();
        for (int i = 0; i < ring.count() && surplus > 0; i++) {
          old.add(ring.get(i));
          surplus -= ring.get(i).size();
        }
      } finally {
        lock.unlock();
      }
      if (old.isEmpty()) {
        return;
      }
      Optional<SegmentStore.Cut> cut = disk.write(old);
      lock.lock();
      try {
        while (!ring.isEmpty() && ring.get(0).sequence() <= old.getLast().sequence()) {
          budget.add(-ring.removeFirst().size());
        }
        cut.ifPresent(this::apply);
      } finally {
        lock.unlock();
      }
    } finally {
      diskLock.unlock();
    }
  }

  private long spillTarget() {
    return budget.exhausted() ? MemoryBudget.FLOOR / 2 : limits.memoryBytes() / 2;
  }

  /** Notes a cut for every reader that had not got there. Under the lock. */
  private void apply(SegmentStore.Cut cut) {
    List<LogEntry> kept = new ArrayList<>(survivors);
    long inMemory = ring.isEmpty() ? nextSequence : ring.get(0).sequence();
    for (LogEntry entry : cut.entries()) {
      if (entry.sequence() >= inMemory) {
        break;
      }
      if (entry.kind() == LogEntry.Kind.VITAL) {
        kept.add(entry);
        continue;
      }
      for (Cursor cursor : cursors) {
        if (cursor.position <= entry.sequence()) {
          cursor.missingMessages++;
          cursor.missingBytes += entry.size();
        }
      }
    }
    survivors = List.copyOf(kept.subList(Math.max(0, kept.size() - MAX_SURVIVORS), kept.size()));
    cutThrough = Math.max(cutThrough, Math.min(cut.through(), inMemory - 1));
  }

  /**
   * Puts on disk what waited since the last flush for a reader that has not confirmed it, so that
   * it outlives this process, and deletes files that nobody needs. Called from a timer.
   */
  public void flush() {
    flush(false);
  }

  private void flush(boolean everything) {
    diskLock.lock();
    try {
      List<LogEntry> waiting = new ArrayList<>();
      long done;
      lock.lock();
      try {
        trim();
        done = confirmedByAll();
        long from = Math.max(disk.writtenThrough(), done) + 1;
        long through = everything ? nextSequence - 1 : headAtLastFlush;
        for (int i = ring.indexOf(from); i < ring.count(); i++) {
          if (ring.get(i).sequence() > through) {
            break;
          }
          waiting.add(ring.get(i));
        }
        headAtLastFlush = nextSequence - 1;
      } finally {
        lock.unlock();
      }
      if (!waiting.isEmpty() && limits.diskBytes() > 0) {
        Optional<SegmentStore.Cut> cut = disk.write(waiting);
        lock.lock();
        try {
          cut.ifPresent(this::apply);
        } finally {
          lock.unlock();
        }
      }
      disk.dropThrough(done);
    } finally {
      diskLock.unlock();
    }
  }

  /** Puts everything that is not confirmed on disk and closes the files. */
  public void close() {
    flush(true);
    diskLock.lock();
    try {
      disk.close();
      lock.lock();
      try {
        budget.add(-ring.bytes());
        cursors.forEach(SegmentReading::close);
      } finally {
        lock.unlock();
      }
    } finally {
      diskLock.unlock();
    }
  }
}
