// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.websocket;

import io.elasticjupyter.gateway.http.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames to a client. What is put is gathered in one borrowed buffer and goes out with
 * {@link #flush}, or when the buffer is full; a write blocks while the client does not take it.
 * Safe for any thread, a frame is never torn; messages are meant to come from one thread, control
 * frames from any.
 */
public final class FrameWriter {

  private static final int FINAL = 0x80;
  private static final int LARGEST_REASON = 123;
  private static final int LARGEST_HEAD = 10;

  /** How long a control frame waits for a message that is being written. */
  private static final Duration CONTROL_PATIENCE = Duration.ofSeconds(2);

  private final ByteStream stream;
  private final WriteBuffers buffers;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ByteBuffer buffer;
  private boolean closed;
  private volatile long slowWriteEndedAt;

  /** A write that took longer than this was waiting for the client. */
  private static final long SLOW_NANOS = 5_000_000;

  public FrameWriter(ByteStream stream, WriteBuffers buffers) {
    this.stream = stream;
    this.buffers = buffers;
    this.slowWriteEndedAt = System.nanoTime();
  }

  /** Puts a text message. */
  public void text(byte[] utf8) throws IOException {
    put(Opcode.TEXT, ByteBuffer.wrap(utf8));
  }

  /** Puts a binary message. */
  public void binary(ByteBuffer bytes) throws IOException {
    put(Opcode.BINARY, bytes.duplicate());
  }

  /** Puts a binary message that is these pieces, one behind the other. */
  public void binary(byte[][] pieces) throws IOException {
    long length = 0;
    for (byte[] piece : pieces) {
      length += piece.length;
    }
    lock.lock();
    try {
      ByteBuffer into = head(Opcode.BINARY, length);
      for (byte[] piece : pieces) {
        put(ByteBuffer.wrap(piece), into);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Puts a ping whose answer will carry {@code number}. */
  public void ping(long number) throws IOException {
    lock.lock();
    try {
      room(2 + Long.BYTES).put((byte) (FINAL | Opcode.PING)).put((byte) Long.BYTES).putLong(number);
    } finally {
      lock.unlock();
    }
  }

  /** Answers a ping at once. A client that does not read gets no answer. */
  public void pong(byte[] payload) throws IOException {
    if (locked()) {
      try {
        put(Opcode.PONG, ByteBuffer.wrap(payload));
        flush();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Sends a close, once; nothing is sent behind it. A client that does not read is not told.
   *
   * @param reason for a person; cut to the 123 bytes that fit
   */
  public void close(CloseCode code, String reason) {
    if (!locked()) {
      return;
    }
    try {
      if (!closed) {
        byte[] text = cut(reason);
        ByteBuffer payload = ByteBuffer.allocate(Short.BYTES + text.length);
        put(Opcode.CLOSE, payload.putShort((short) code.number()).put(text).flip());
        flush();
      }
    } catch (IOException e) {
      // The client is gone already, which is all that a close is for.
      release();
    } finally {
      closed = true;
      lock.unlock();
    }
  }

  private boolean locked() {
    try {
      return lock.tryLock(CONTROL_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Writes out what was put. */
  public void flush() throws IOException {
    lock.lock();
    try {
      if (buffer != null) {
        drain(buffer);
        release();
      }
    } finally {
      lock.unlock();
    }
  }

  private void put(int opcode, ByteBuffer payload) throws IOException {
    lock.lock();
    try {
      put(payload, head(opcode, payload.remaining()));
    } finally {
      lock.unlock();
    }
  }

  private ByteBuffer head(int opcode, long length) throws IOException {
    ByteBuffer into = room(LARGEST_HEAD);
    into.put((byte) (FINAL | opcode));
    if (length < 126) {
      into.put((byte) length);
    } else if (length <= 0xFFFF) {
      into.put((byte) 126).putShort((short) length);
    } else {
      into.put((byte) 127).putLong(length);
    }
    return into;
  }

  private void put(ByteBuffer payload, ByteBuffer into) throws IOException {
    while (payload.remaining() > into.remaining()) {
      int count = into.remaining();
      into.put(payload.slice(payload.position(), count));
      payload.position(payload.position() + count);
      drain(into);
    }
    into.put(payload);
  }

  /** The buffer, with that much free in it. */
  private ByteBuffer room(int bytes) throws IOException {
    if (closed) {
      throw new IOException("the websocket is closed");
    }
    ByteBuffer borrowed = buffer;
    if (borrowed == null) {
      borrowed = buffers.acquire();
      buffer = borrowed;
    }
    if (borrowed.remaining() < bytes) {
      drain(borrowed);
    }
    return borrowed;
  }

  private void drain(ByteBuffer full) throws IOException {
    long begin = System.nanoTime();
    full.flip();
    stream.write(full);
    full.clear();
    long end = System.nanoTime();
    if (end - begin > SLOW_NANOS) {
      slowWriteEndedAt = end;
    }
  }

  private void release() {
    if (buffer != null) {
      buffers.release(buffer);
      buffer = null;
    }
  }

  /**
   * When the client last took bytes that it had kept waiting ({@link System#nanoTime}): a sign of
   * life of a slow client whose pongs stand behind much data.
   */
  public long slowWriteEndedAt() {
    return slowWriteEndedAt;
  }

  private static byte[] cut(String reason) {
    byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LARGEST_REASON) {
      return bytes;
    }
    int end = LARGEST_REASON;
    // Not inside a character: continuation bytes begin with 10.
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}
