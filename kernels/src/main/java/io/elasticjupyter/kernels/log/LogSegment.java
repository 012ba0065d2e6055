// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One file of the log. Written by one thread at a time and read by any number meanwhile: a reader
 * goes no further than what {@link #writtenBytes} says is whole.
 */
final class LogSegment {

  private static final System.Logger LOG = System.getLogger(LogSegment.class.getName());
  static final String SUFFIX = ".segment";
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final FileAttribute<?> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path file;
  private final long firstSequence;
  private volatile long lastSequence;
  private volatile long writtenBytes;
  private long pendingBytes;
  private long pendingLast;
  private @Nullable DataOutputStream out;

  private LogSegment(Path file, long firstSequence) {
    this.file = file;
    this.firstSequence = firstSequence;
    this.lastSequence = firstSequence;
  }

  /** Begins a new file; {@code firstSequence} names it. */
  static LogSegment create(Path folder, long firstSequence) throws IOException {
    LogSegment segment =
        new LogSegment(folder.resolve("%019d%s".formatted(firstSequence, SUFFIX)), firstSequence);
    segment.out =
        new DataOutputStream(
            new BufferedOutputStream(
                Channels.newOutputStream(
                    FileChannel.open(
                        segment.file,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        OWNER_FILE)),
                BUFFER_BYTES));
    return segment;
  }

  /** Reads a file that an earlier run left; what is torn at its end is cut off. Empty: nothing. */
  static Optional<LogSegment> recover(Path file) throws IOException {
    long size = Files.size(file);
    @Nullable LogSegment segment = null;
    long whole = 0;
    try (DataInputStream in = open(file)) {
      while (true) {
        Optional<LogEntry> next = EntryCodec.read(in, size - whole);
        if (next.isEmpty()) {
          break;
        }
        LogEntry entry = next.get();
        if (segment == null) {
          segment = new LogSegment(file, entry.sequence());
        }
        whole += EntryCodec.encodedSize(entry);
        segment.lastSequence = entry.sequence();
        segment.writtenBytes = whole;
      }
    }
    if (whole < size) {
      truncate(file, whole);
    }
    return Optional.ofNullable(segment);
  }

  /** Appends; visible to readers after {@link #flush}. */
  void write(LogEntry entry) throws IOException {
    DataOutputStream stream = out;
    if (stream == null) {
      throw new IOException("segment is sealed: " + file.getFileName());
    }
    EntryCodec.write(entry, stream);
    pendingBytes += EntryCodec.encodedSize(entry);
    pendingLast = entry.sequence();
  }

  /** Hands everything to the operating system, which keeps it when this process is killed. */
  void flush() throws IOException {
    if (out != null && pendingBytes > 0) {
      out.flush();
      // The bytes first: a reader that sees the sequence takes it that its record can be read.
      long written = writtenBytes + pendingBytes;
      writtenBytes = written;
      lastSequence = pendingLast;
      pendingBytes = 0;
    }
  }

  /** Closes the file for writing. */
  void seal() throws IOException {
    if (out != null) {
      flush();
      out.close();
      out = null;
    }
  }

  /**
   * Ends a file that could not be written on: what readers may read stays, what was tried behind it
   * is cut off, since a part of it may have been written.
   *
   * @return whether anything is left
   */
  boolean abandon() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "event=segment-abandoned reason={0}", e.toString());
    }
    out = null;
    pendingBytes = 0;
    try {
      if (writtenBytes == 0) {
        Files.deleteIfExists(file);
      } else {
        truncate(file, writtenBytes);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=segment-not-cut-off reason={0}", e.toString());
    }
    return writtenBytes > 0;
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  void delete() throws IOException {
    if (out != null) {
      out.close();
      out = null;
    }
    Files.deleteIfExists(file);
  }

  long firstSequence() {
    return firstSequence;
  }

  long lastSequence() {
    return lastSequence;
  }

  /** Bytes that readers may read. */
  long writtenBytes() {
    return writtenBytes;
  }

  /** Bytes that were appended and not flushed. */
  long pendingBytes() {
    return pendingBytes;
  }

  Reader reader() throws IOException {
    return new Reader(open(file));
  }

  private static DataInputStream open(Path file) throws IOException {
    return new DataInputStream(
        new BufferedInputStream(Files.newInputStream(file, StandardOpenOption.READ), BUFFER_BYTES));
  }

  /** Reads the segment from its beginning. For one thread. */
  final class Reader implements Closeable {

    private final DataInputStream in;
    private long consumed;
    private long lastGiven = -1;
    private @Nullable LogEntry peeked;

    private Reader(DataInputStream in) {
      this.in = in;
    }

    boolean reads(LogSegment segment) {
      return segment == LogSegment.this;
    }

    /** Whether it is behind {@code sequence} already, so that it cannot give it any more. */
    boolean passed(long sequence) {
      return lastGiven >= sequence;
    }

    /** The next entry of at least {@code sequence}; empty where everything written was read. */
    Optional<LogEntry> next(long sequence) throws IOException {
      while (true) {
        @Nullable LogEntry entry = peeked;
        peeked = null;
        if (entry == null) {
          if (consumed >= writtenBytes) {
            return Optional.empty();
          }
          entry =
              EntryCodec.read(in, writtenBytes - consumed)
                  .orElseThrow(() -> new IOException("damaged segment " + file.getFileName()));
          consumed += EntryCodec.encodedSize(entry);
        }
        lastGiven = entry.sequence();
        if (lastGiven >= sequence) {
          return Optional.of(entry);
        }
      }
    }

    /** Puts back what {@link #next} gave, to be given again. */
    void unread(LogEntry entry) {
      peeked = entry;
      lastGiven = entry.sequence() - 1;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
