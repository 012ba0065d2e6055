// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes messages and commands as frames (RFC 37, "Framing"). A message up to 64 KiB is put
 * together and written at once; of a larger one the small parts are gathered and the large ones
 * written from where they are. Not safe for threads: the caller holds a lock.
 */
final class FrameWriter {

  private static final int KEPT_BYTES = 2048;
  private static final int WHOLE_BYTES = 64 * 1024;
  private static final int COPIED_PART_BYTES = 4 * 1024;
  private static final int GATHERED_BYTES = 16 * 1024;
  private static final int MAX_HEADER_BYTES = 9;
  private static final int SHORT_MAX = 255;

  private final ByteSink sink;

  /** Kept between messages, since nearly all of them fit; empty until the first is sent. */
  private byte[] kept = new byte[0];

  FrameWriter(ByteSink sink) {
    this.sink = sink;
  }

  void writeGreeting() throws IOException {
    byte[] greeting = Greeting.ours();
    sink.write(greeting, 0, greeting.length);
  }

  void writeCommand(byte[] body) throws IOException {
    ByteBuffer frame = ByteBuffer.wrap(new byte[MAX_HEADER_BYTES + body.length]);
    putHeader(frame, FrameReader.COMMAND, body.length);
    frame.put(body);
    sink.write(frame.array(), 0, frame.position());
  }

  void writeMessage(List<byte[]> parts) throws IOException {
    long bound = 0;
    for (byte[] part : parts) {
      bound += MAX_HEADER_BYTES + part.length;
    }
    if (bound <= WHOLE_BYTES) {
      writeWhole(parts, (int) bound);
    } else {
      writeGathered(parts);
    }
  }

  private void writeWhole(List<byte[]> parts, int bound) throws IOException {
    ByteBuffer frames = ByteBuffer.wrap(scratch(bound));
    int last = parts.size() - 1;
    for (int i = 0; i <= last; i++) {
      byte[] part = parts.get(i);
      putHeader(frames, i < last ? FrameReader.MORE : 0, part.length);
      frames.put(part);
    }
    sink.write(frames.array(), 0, frames.position());
  }

  private void writeGathered(List<byte[]> parts) throws IOException {
    ByteBuffer gathered = ByteBuffer.wrap(new byte[GATHERED_BYTES]);
    int last = parts.size() - 1;
    for (int i = 0; i <= last; i++) {
      byte[] part = parts.get(i);
      boolean copied = part.length <= COPIED_PART_BYTES;
      if (gathered.remaining() < MAX_HEADER_BYTES + (copied ? part.length : 0)) {
        flush(gathered);
      }
      putHeader(gathered, i < last ? FrameReader.MORE : 0, part.length);
      if (copied) {
        gathered.put(part);
      } else {
        flush(gathered);
        sink.write(part, 0, part.length);
      }
    }
    flush(gathered);
  }

  private void flush(ByteBuffer gathered) throws IOException {
    if (gathered.position() > 0) {
      sink.write(gathered.array(), gathered.arrayOffset(), gathered.position());
      gathered.clear();
    }
  }

  private byte[] scratch(int bound) {
    if (bound > KEPT_BYTES) {
      return new byte[bound];
    }
    if (kept.length == 0) {
      kept = new byte[KEPT_BYTES];
    }
    return kept;
  }

  private static void putHeader(ByteBuffer target, int flags, int size) {
    if (size <= SHORT_MAX) {
      target.put((byte) flags).put((byte) size);
    } else {
      target.put((byte) (flags | FrameReader.LONG)).putLong(size);
    }
  }
}
