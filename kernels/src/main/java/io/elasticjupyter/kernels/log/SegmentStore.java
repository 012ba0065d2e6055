// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a log that is on disk: segments in order. Changes are made by one thread at a time
 * (the log's disk lock); {@link #segments} may be read by any thread.
 */
final class SegmentStore {

  private static final System.Logger LOG = System.getLogger(SegmentStore.class.getName());
  private static final FileAttribute<?> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path folder;
  private final LogLimits limits;
  private volatile List<LogSegment> segments = List.of();
  private @Nullable LogSegment current;

  SegmentStore(Path folder, LogLimits limits) {
    this.folder = folder;
    this.limits = limits;
  }

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
      recover(file).ifPresent(recovered::add);
    }
    segments = List.copyOf(recovered);
  }

  private static Optional<LogSegment> recover(Path file) throws IOException {
    try {
      Optional<LogSegment> segment = LogSegment.recover(file);
      if (segment.isEmpty()) {
        LOG.log(Level.WARNING, "event=segment-without-entries file={0} action=deleted", file);
        Files.delete(file);
      }
      return segment;
    } catch (IOException | RuntimeException e) {
      // Damage costs the output in this file, never the kernel.
      Path aside = file.resolveSibling(file.getFileName() + ".damaged");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      LOG.log(Level.WARNING, "event=segment-unreadable set-aside={0} reason={1}", aside, e);
      return Optional.empty();
    }
  }

  /** Segments with entries on disk, oldest first. */
  List<LogSegment> segments() {
    return segments;
  }

  /** The last sequence on disk; 0 where there is none. */
  long lastSequence() {
    return segments.isEmpty() ? 0 : segments.getLast().lastSequence();
  }

  /**
   * Appends and hands over to the operating system.
   *
   * @throws IOException if it could not; what is behind {@link #lastSequence} is not on disk
   */
  void write(List<LogEntry> entries) throws IOException {
    try {
      for (LogEntry entry : entries) {
        write(entry);
      }
      if (current != null) {
        current.flush();
        publish(current);
      }
    } catch (IOException e) {
      @Nullable LogSegment torn = current;
      current = null;
      if (torn != null && !torn.abandon()) {
        segments = segments.stream().filter(other -> other != torn).toList();
      }
      throw e;
    }
  }

  private void write(LogEntry entry) throws IOException {
    @Nullable LogSegment open = current;
    if (open == null) {
      Files.createDirectories(folder, OWNER_FOLDER);
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

  /**
   * Deletes the oldest segments until the limit is kept.
   *
   * @param keptFrom what has this sequence or a larger one is in memory as well
   * @param onGap told what a segment held, before it goes
   */
  void cutToLimit(long keptFrom, Consumer<Gap> onGap) throws IOException {
    while (totalBytes() > limits.diskBytes() && !segments.isEmpty()) {
      LogSegment oldest = segments.getFirst();
      if (oldest.firstSequence() < keptFrom) {
        onGap.accept(gapOf(oldest, keptFrom));
      }
      remove(oldest);
    }
  }

  private static Gap gapOf(LogSegment segment, long keptFrom) {
    Gap.Builder gap = new Gap.Builder(segment.firstSequence());
    long through = Math.min(segment.lastSequence(), keptFrom - 1);
    long next = segment.firstSequence();
    try (LogSegment.Reader reader = segment.reader()) {
      Optional<LogEntry> entry = reader.next(0);
      while (entry.isPresent() && entry.get().sequence() <= through) {
        gap.add(entry.get());
        next = entry.get().sequence() + 1;
        entry = reader.next(0);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=segment-unreadable action=cut reason={0}", e.toString());
      gap.miss(Math.max(0, through - next + 1), 0);
    }
    return gap.build(through);
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
    if (current != null) {
      try {
        current.seal();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "event=segment-not-closed reason={0}", e.toString());
        current.abandon();
      }
      current = null;
    }
  }
}
