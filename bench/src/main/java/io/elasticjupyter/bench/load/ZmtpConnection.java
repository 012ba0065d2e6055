// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One ZMTP 3.0 connection with the NULL mechanism (RFC 23), either side of it. A message is looked
 * at in place: {@link #receive} tells where its parts lie. One thread may read while others write.
 */
public final class ZmtpConnection {
  private static final int MORE = 1;
  private static final int LONG = 2;
  private static final int COMMAND = 4;
  private static final int GREETING = 64;
  private static final byte[] PING = "\4PING".getBytes(US_ASCII);
  private static final int MOST_PARTS = 64;

  private final OutputStream out;
  private final ReadBuffer buffer;
  private final ReentrantLock writing = new ReentrantLock();
  private final int[] starts = new int[MOST_PARTS];
  private final int[] ends = new int[MOST_PARTS];
  private int consumed;
  private byte[] writeBuffer = new byte[1024];

  public ZmtpConnection(InputStream in, OutputStream out) {
    this.out = out;
    this.buffer = new ReadBuffer(in, () -> {});
  }

  /** Greets and tells the socket type; returns when the other side has done the same. */
  public void handshake(String socketType, String identity) throws IOException {
    byte[] greeting = new byte[GREETING];
    greeting[0] = (byte) 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    System.arraycopy("NULL".getBytes(US_ASCII), 0, greeting, 12, 4);
    ByteArrayOutputStream ready = new ByteArrayOutputStream();
    ready.writeBytes("\5READY".getBytes(US_ASCII));
    property(ready, "Socket-Type", socketType);
    property(ready, "Identity", identity);
    ByteArrayOutputStream opening = new ByteArrayOutputStream();
    opening.writeBytes(greeting);
    opening.write(COMMAND);
    opening.write(ready.size());
    ready.writeTo(opening);
    out.write(opening.toByteArray());
    buffer.require(GREETING);
    if (buffer.data()[buffer.start() + 10] < 3) {
      throw new IOException("the other side speaks ZMTP below 3.0");
    }
    buffer.skip(GREETING);
    buffer.require(2);
    int length = buffer.data()[buffer.start() + 1] & 0xff;
    buffer.require(2 + length);
    buffer.skip(2 + length);
  }

  private static void property(ByteArrayOutputStream to, String name, String value) {
    to.write(name.length());
    to.writeBytes(name.getBytes(US_ASCII));
    to.writeBytes(ByteBuffer.allocate(4).putInt(value.length()).array());
    to.writeBytes(value.getBytes(US_ASCII));
  }

  /**
   * Waits for a whole message; returns how many parts it has. Its bytes stay until the next call.
   */
  public int receive() throws IOException {
    buffer.skip(consumed);
    consumed = 0;
    int parts = 0;
    int offset = 0;
    while (true) {
      buffer.require(offset + 2);
      int flags = buffer.data()[buffer.start() + offset];
      int head = 2;
      int length = buffer.data()[buffer.start() + offset + 1] & 0xff;
      if ((flags & LONG) != 0) {
        head = 9;
        buffer.require(offset + head);
        length =
            Math.toIntExact(ByteBuffer.wrap(buffer.data()).getLong(buffer.start() + offset + 1));
      }
      buffer.require(offset + head + length);
      if ((flags & COMMAND) != 0) {
        command(offset + head, length);
        buffer.skip(offset + head + length);
        offset = 0;
        continue;
      }
      starts[parts] = offset + head;
      offset += head + length;
      ends[parts] = offset;
      parts++;
      if ((flags & MORE) == 0) {
        consumed = offset;
        return parts;
      }
    }
  }

  private void command(int offset, int length) throws IOException {
    byte[] body = buffer.copy(offset, length);
    if (body.length >= PING.length && ByteSearch.matches(body, 0, PING)) {
      // PING carries two bytes of time to live, then a context that PONG repeats (RFC 37).
      byte[] pong = Arrays.copyOfRange(body, 2, body.length);
      System.arraycopy("\4PONG".getBytes(US_ASCII), 0, pong, 0, PING.length);
      writing.lock();
      try {
        out.write(COMMAND);
        out.write(pong.length);
        out.write(pong);
      } finally {
        writing.unlock();
      }
    }
  }

  /** The array in which the parts of the received message lie. */
  public byte[] data() {
    return buffer.data();
  }

  public int start(int part) {
    return buffer.start() + starts[part];
  }

  public int end(int part) {
    return buffer.start() + ends[part];
  }

  public byte[] part(int part) {
    return Arrays.copyOfRange(data(), start(part), end(part));
  }

  boolean readable() throws IOException {
    return buffer.hasMoreThan(consumed);
  }

  /** Sends one message in one write. */
  public void send(byte[]... parts) throws IOException {
    writing.lock();
    try {
      int length = 0;
      for (byte[] part : parts) {
        length += part.length + 9;
      }
      if (writeBuffer.length < length) {
        writeBuffer = new byte[length];
      }
      ByteBuffer target = ByteBuffer.wrap(writeBuffer);
      for (int index = 0; index < parts.length; index++) {
        int more = index + 1 < parts.length ? MORE : 0;
        if (parts[index].length > 255) {
          target.put((byte) (more | LONG)).putLong(parts[index].length);
        } else {
          target.put((byte) more).put((byte) parts[index].length);
        }
        target.put(parts[index]);
      }
      out.write(writeBuffer, 0, target.position());
    } finally {
      writing.unlock();
    }
  }
}
