// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a log that is on disk: segments in order. Changes are made by one thread at a time
 * (the log's disk lock); {@link #segments} may be read by any thread.
 */
final class SegmentStore {

  private static final System.Logger LOG = System.getLogger(SegmentStore.class.getName());

  private final Path folder;
  private final LogLimits limits;
  private volatile List<LogSegment> segments = List.of();
  private @Nullable LogSegment current;

  SegmentStore(Path folder, LogLimits limits) {
    this.folder = folder;
    this.limits = limits;
  }

  /** What a limit took away: everything up to {@code through}. */
  record Cut(long through, List<LogEntry> entries) {}

  /** Takes over what an earlier run left in the folder. */
  void recover() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> listing = Files.list(folder)) {
      files =
          listing
              .filter(file -> file.getFileName().toString().endsWith(LogSegment.SUFFIX))
              .sorted()
              .toList();
    }
    List<LogSegment> recovered = new ArrayList<>();
    for (Path file : files) {
      Optional<LogSegment> segment = LogSegment.recover(file);
      if (segment.isPresent()) {
        recovered.add(segment.get());
      } else {
        LOG.log(Level.WARNING, "event=segment-without-entries file={0} action=deleted", file);
        Files.delete(file);
      }
    }
    segments = List.copyOf(recovered);
  }

  /** Segments with entries on disk, oldest first. */
  List<LogSegment> segments() {
    return segments;
  }

  /** The last sequence on disk; 0 where there is none. */
  long lastSequence() {
    return segments.isEmpty() ? 0 : segments.getLast().lastSequence();
  }

  /** Appends and hands over to the operating system. */
  void write(List<LogEntry> entries) throws IOException {
    for (LogEntry entry : entries) {
      @Nullable LogSegment open = current;
      if (open == null) {
        Files.createDirectories(folder);
        open = LogSegment.create(folder, entry.sequence());
        current = open;
      }
      open.write(entry);
      if (open.pendingBytes() + open.writtenBytes() >= limits.segmentBytes()) {
        open.seal();
        publish(open);
        current = null;
      }
    }
    if (current != null) {
      current.flush();
      publish(current);
    }
  }

  private void publish(LogSegment segment) {
    if (!segments.contains(segment)) {
      List<LogSegment> longer = new ArrayList<>(segments);
      longer.add(segment);
      segments = List.copyOf(longer);
    }
  }

  /** Deletes the segments whose entries all have a sequence of at most {@code sequence}. */
  void dropThrough(long sequence) throws IOException {
    while (!segments.isEmpty() && segments.getFirst().lastSequence() <= sequence) {
      remove(segments.getFirst());
    }
  }

  /** Deletes the oldest segments until the limit is kept; says what they held. */
  Optional<Cut> cutToLimit() throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    long through = 0;
    while (totalBytes() > limits.diskBytes() && !segments.isEmpty()) {
      LogSegment oldest = segments.getFirst();
      through = oldest.lastSequence();
      try (LogSegment.Reader reader = oldest.reader()) {
        Optional<LogEntry> entry = reader.next(0);
        while (entry.isPresent()) {
          entries.add(entry.get());
          entry = reader.next(0);
        }
      }
      remove(oldest);
    }
    return through == 0 ? Optional.empty() : Optional.of(new Cut(through, entries));
  }

  private long totalBytes() {
    return segments.stream().mapToLong(LogSegment::writtenBytes).sum();
  }

  private void remove(LogSegment segment) throws IOException {
    segments = segments.stream().filter(other -> other != segment).toList();
    if (segment == current) {
      current = null;
    }
    segment.delete();
  }

  /** Closes the file that is being written. */
  void close() {
    try {
      if (current != null) {
        current.seal();
        current = null;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("closing the output log in " + folder, e);
    }
  }
}
