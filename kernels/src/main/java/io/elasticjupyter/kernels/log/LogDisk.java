// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts a log's entries on disk, each once, and says what had to go for it: what a limit took, and
 * what could not be written at all. Used by one thread at a time, but for {@link #segments}.
 */
final class LogDisk {

  private static final System.Logger LOG = System.getLogger(LogDisk.class.getName());

  private final SegmentStore store;
  private volatile long writtenThrough;
  private boolean failing;

  LogDisk(Path folder, LogLimits limits) {
    this.store = new SegmentStore(folder, limits);
  }

  /** Takes over what an earlier run left; gives the last sequence that is there, or 0. */
  long recover() throws IOException {
    store.recover();
    return store.lastSequence();
  }

  /** Counts everything up to {@code sequence} as written, or as never to be written. */
  void skipThrough(long sequence) {
    writtenThrough = sequence;
  }

  /** The last sequence that was written. */
  long writtenThrough() {
    return writtenThrough;
  }

  List<LogSegment> segments() {
    return store.segments();
  }

  /**
   * Writes those of the entries that are not on disk yet, and keeps the limit.
   *
   * @param keptFrom what has this sequence or a larger one stays in memory whatever happens here
   * @param onGap told what is gone, before it can no longer be read
   */
  void write(List<LogEntry> entries, long keptFrom, Consumer<Gap> onGap) {
    List<LogEntry> fresh =
        entries.stream().filter(entry -> entry.sequence() > writtenThrough).toList();
    if (!fresh.isEmpty()) {
      writeFresh(fresh, keptFrom, onGap);
    }
    try {
      store.cutToLimit(keptFrom, onGap);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=log-not-cut reason={0}", e.toString());
    }
  }

  private void writeFresh(List<LogEntry> fresh, long keptFrom, Consumer<Gap> onGap) {
    try {
      store.write(fresh);
      writtenThrough = fresh.getLast().sequence();
      failing = false;
    } catch (IOException e) {
      // Told once, not at each of the thousands of tries while a disk is full.
      LOG.log(
          failing ? Level.DEBUG : Level.WARNING,
          "event=log-not-written action=cut reason={0}",
          e.toString());
      failing = true;
      writtenThrough = Math.max(writtenThrough, store.lastSequence());
      List<LogEntry> gone =
          fresh.stream()
              .filter(entry -> entry.sequence() > writtenThrough && entry.sequence() < keptFrom)
              .toList();
      if (!gone.isEmpty()) {
        onGap.accept(Gap.of(gone, gone.getLast().sequence()));
      }
    }
  }

  /** Deletes files that hold nothing behind {@code sequence}. */
  void dropThrough(long sequence) {
    try {
      store.dropThrough(sequence);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=segment-not-deleted reason={0}", e.toString());
    }
  }

  void close() {
    store.close();
  }
}
