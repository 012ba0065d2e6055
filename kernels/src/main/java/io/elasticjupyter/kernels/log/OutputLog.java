// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
  private final Gaps gaps = new Gaps();
  private long nextSequence = 1;
  private long changes;
  private long headAtLastFlush;
  private boolean closed;

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
      account(entry.size());
      if (announced) {
        news.signalAll();
      }
      full = isFull();
    } finally {
      lock.unlock();
    }
    if (full) {
      spill();
    }
    return sequence;
  }

  /**
   * Appends an entry of another gateway's log, of which this one is a copy.
   *
   * @param entry behind all that are here already; one that is not is passed over
   */
  public void appendCopy(LogEntry entry) {
    boolean full;
    lock.lock();
    try {
      if (entry.sequence() < nextSequence) {
        return;
      }
      nextSequence = entry.sequence() + 1;
      changes++;
      ring.add(entry);
      account(entry.size());
      full = isFull();
    } finally {
      lock.unlock();
    }
    if (full) {
      spill();
    }
  }

  private boolean isFull() {
    return ring.bytes() > limits.memoryBytes()
        || (budget.exhausted() && ring.bytes() > MemoryBudget.FLOOR);
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

  /**
   * Opens a cursor for everything that is kept, which others' confirmations wake as well: for a
   * copy of the log and of what its readers have.
   */
  public Cursor openCopy() {
    lock.lock();
    try {
      Cursor cursor = new Cursor(0);
      cursor.wokenByOthers = true;
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
      cursor.released = true;
      if (!cursor.reading) {
        SegmentReading.close(cursor);
      }
      trim();
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
      wakeCopies(cursor);
    } finally {
      lock.unlock();
    }
  }

  private void wakeCopies(Cursor confirming) {
    boolean any = false;
    for (Cursor other : cursors) {
      if (other.wokenByOthers && !other.equals(confirming)) {
        other.woken = true;
        any = true;
      }
    }
    if (any) {
      news.signalAll();
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
    lock.lockInterruptibly();
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

  /** Waits until the cursor is woken, or the time is over, whatever there is to read. */
  public void pause(Cursor cursor, Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = timeout.toNanos();
      while (!cursor.woken && nanos > 0) {
        nanos = news.awaitNanos(nanos);
      }
      cursor.woken = false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads on, without waiting. An interrupted thread may get nothing although there is something.
   *
   * @param maxBytes the batch ends with the entry that reaches it
   * @param wanted which entries the reader gets; the others are passed over for good
   */
  public Batch read(Cursor cursor, long maxBytes, Predicate<LogEntry> wanted) {
    while (true) {
      @Nullable LogSegment segment;
      lock.lock();
      try {
        if (!ring.isEmpty() && cursor.position >= ring.get(0).sequence()) {
          return readRing(cursor, maxBytes, wanted);
        }
        segment = segmentWith(cursor.position);
        @Nullable Gap gap = gaps.at(cursor.position).orElse(null);
        if (gap != null && isNext(gap, segment, cursor.position)) {
          Batch batch = readGap(cursor, gap, wanted);
          if (!batch.entries().isEmpty() || batch.missingMessages() > 0) {
            return batch;
          }
          continue;
        }
        if (segment == null) {
          // Nothing lies between here and the memory but places that were never given out.
          moveTo(cursor, ring.isEmpty() ? nextSequence : ring.get(0).sequence(), List.of());
          if (ring.isEmpty()) {
            return Batch.EMPTY;
          }
          continue;
        }
        cursor.reading = true;
      } finally {
        lock.unlock();
      }
      Batch batch = readSegment(cursor, segment, maxBytes, wanted);
      if (!batch.entries().isEmpty() || Thread.currentThread().isInterrupted()) {
        return batch;
      }
    }
  }

  private static boolean isNext(Gap gap, @Nullable LogSegment segment, long position) {
    return segment == null || gap.from() <= Math.max(position, segment.firstSequence());
  }

  private Batch readGap(Cursor cursor, Gap gap, Predicate<LogEntry> wanted) {
    Gap left = gap.after(cursor.position);
    List<LogEntry> entries = left.survivors().stream().filter(wanted).toList();
    if (entries.isEmpty() && left.messages() > 0) {
      // Not confirmed by itself: whoever comes again before the next message is told again.
      cursor.position = left.through() + 1;
    } else {
      moveTo(cursor, left.through() + 1, entries);
    }
    return new Batch(left.messages(), left.bytes(), entries, true);
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
    SegmentReading.@Nullable Read read = null;
    boolean unreadable = false;
    try {
      read = SegmentReading.read(cursor, segment, maxBytes, wanted);
    } catch (ClosedByInterruptException e) {
      LOG.log(Level.DEBUG, "event=reader-interrupted reason={0}", e.toString());
    } catch (IOException e) {
      unreadable = disk.segments().contains(segment);
      LOG.log(
          unreadable ? Level.WARNING : Level.DEBUG,
          "event=segment-unreadable action=skipped reason={0}",
          e.toString());
    }
    lock.lock();
    try {
      cursor.reading = false;
      if (cursor.released) {
        SegmentReading.close(cursor);
      }
      if (read != null) {
        moveTo(cursor, read.next(), read.entries());
        return new Batch(0, 0, read.entries(), true);
      }
      // Where a limit cut it meanwhile, the next round finds the gap.
      if (unreadable) {
        noteUnreadable(segment, cursor.position);
      }
      return Batch.EMPTY;
    } finally {
      lock.unlock();
    }
  }

  /** From this place on the segment cannot be read, by nobody. Under the lock. */
  private void noteUnreadable(LogSegment segment, long position) {
    long through = segment.lastSequence();
    long known = gaps.at(position).map(Gap::from).orElse(Long.MAX_VALUE);
    if (known > position) {
      Gap.Builder gap = new Gap.Builder(position);
      gap.miss(Math.min(through, known - 1) - position + 1, segment.writtenBytes());
      gaps.add(gap.build(Math.min(through, known - 1)));
    }
  }

  /** Drops from memory what nobody needs. Under the lock. */
  private void trim() {
    long done = confirmedByAll();
    while (!ring.isEmpty() && ring.get(0).sequence() <= done) {
      account(-ring.removeFirst().size());
    }
    gaps.dropThrough(done);
  }

  /** A closed log has given its memory back, and is only read to its end. Under the lock. */
  private void account(long bytes) {
    if (!closed) {
      budget.add(bytes);
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
        if (closed) {
          return;
        }
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
      long last = old.getLast().sequence();
      disk.write(old, last + 1, this::note);
      lock.lock();
      try {
        while (!ring.isEmpty() && ring.get(0).sequence() <= last) {
          account(-ring.removeFirst().size());
        }
      } finally {
        lock.unlock();
      }
    } finally {
      diskLock.unlock();
    }
  }

  private void note(Gap gap) {
    lock.lock();
    try {
      gaps.add(gap);
    } finally {
      lock.unlock();
    }
  }

  private long spillTarget() {
    return budget.exhausted() ? MemoryBudget.FLOOR / 2 : limits.memoryBytes() / 2;
  }

  /**
   * Puts on disk what waited since the last flush for a reader that has not confirmed it, so that
   * it outlives this process, and deletes files that nobody needs. Called from a timer.
   */
  public void flush() {
    flush(false);
  }

  /** Puts everything on disk that is not confirmed, without waiting for the timer. */
  public void flushAll() {
    flush(true);
  }

  private void flush(boolean everything) {
    diskLock.lock();
    try {
      List<LogEntry> waiting = new ArrayList<>();
      long done;
      long inMemory;
      lock.lock();
      try {
        if (closed) {
          return;
        }
        trim();
        done = confirmedByAll();
        inMemory = ring.isEmpty() ? nextSequence : ring.get(0).sequence();
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
        disk.write(waiting, inMemory, this::note);
      }
      disk.dropThrough(done);
    } finally {
      diskLock.unlock();
    }
  }

  /** Puts everything that is not confirmed on disk and closes the files. */
  public void close() {
    flush(true);
    discard();
  }

  /**
   * Closes the files and writes nothing more, for a kernel whose folder is deleted. What is in
   * memory can still be read.
   */
  public void discard() {
    diskLock.lock();
    try {
      disk.close();
      lock.lock();
      try {
        account(-ring.bytes());
        closed = true;
        cursors.stream().filter(cursor -> !cursor.reading).forEach(SegmentReading::close);
      } finally {
        lock.unlock();
      }
    } finally {
      diskLock.unlock();
    }
  }
}
