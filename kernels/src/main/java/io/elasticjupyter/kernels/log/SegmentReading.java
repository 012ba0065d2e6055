// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a cursor on from a segment file. The open file stays with the cursor, since a reader that
 * lags reads on where it stopped.
 */
final class SegmentReading {

  private static final System.Logger LOG = System.getLogger(SegmentReading.class.getName());

  private SegmentReading() {}

  /**
   * What was read.
   *
   * @param entries those that are wanted
   * @param next where to read on
   */
  record Read(List<LogEntry> entries, long next) {}

  /**
   * Reads on.
   *
   * @throws IOException if not a single record could be read
   */
  static Read read(Cursor cursor, LogSegment segment, long maxBytes, Predicate<LogEntry> wanted)
      throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    long from = cursor.position;
    long reached = from;
    // Before reading: what is flushed meanwhile is behind it and is not passed over.
    long last = segment.lastSequence();
    try {
      LogSegment.Reader reader = readerOf(cursor, segment);
      long bytes = 0;
      Optional<LogEntry> read = reader.next(from);
      while (read.isPresent()) {
        LogEntry entry = read.get();
        if (bytes >= maxBytes) {
          reader.unread(entry);
          return new Read(entries, entry.sequence());
        }
        if (wanted.test(entry)) {
          entries.add(entry);
          bytes += entry.size();
        }
        reached = entry.sequence() + 1;
        read = reader.next(from);
      }
    } catch (IOException e) {
      close(cursor);
      if (reached == from) {
        throw e;
      }
      // What is whole before a damaged record is given; the next read begins at the damage.
      return new Read(entries, reached);
    }
    return new Read(entries, Math.max(reached, last + 1));
  }

  private static LogSegment.Reader readerOf(Cursor cursor, LogSegment segment) throws IOException {
    LogSegment.@Nullable Reader reader = cursor.segmentReader;
    if (reader == null || !reader.reads(segment) || reader.passed(cursor.position)) {
      close(cursor);
      reader = segment.reader();
      cursor.segmentReader = reader;
    }
    return reader;
  }

  static void close(Cursor cursor) {
    LogSegment.@Nullable Reader reader = cursor.segmentReader;
    cursor.segmentReader = null;
    if (reader != null) {
      try {
        reader.close();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "event=segment-close-failed reason={0}", e.toString());
      }
    }
  }
}
