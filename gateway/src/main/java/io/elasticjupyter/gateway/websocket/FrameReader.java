// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.websocket;

import io.elasticjupyter.gateway.http.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a client's frames and joins them to messages. For one thread. Memory grows with the bytes
 * that arrived, never with a length that a frame merely claims.
 */
public final class FrameReader implements AutoCloseable {

  private static final int BUFFER_BYTES = 4096;
  private static final int LARGEST_CONTROL_PAYLOAD = 125;

  /** Up to this much is allocated on a frame's word. */
  private static final int TRUSTED_BYTES = 64 << 10;

  private static final int NO_CODE = 1005;

  private final ByteStream stream;
  private final long maxMessageBytes;
  private final InboundBudget budget;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();

  private final byte[] nothing = {};
  private byte[] message = nothing;
  private int messageLength;
  private int messageOpcode = Opcode.CONTINUATION;
  private long reserved;

  private boolean inFrame;
  private boolean last;
  private int opcode;
  private int key;
  private long remaining;
  private long consumed;
  private byte[] control = nothing;

  public FrameReader(ByteStream stream, long maxMessageBytes, InboundBudget budget) {
    this.stream = stream;
    this.maxMessageBytes = maxMessageBytes;
    this.budget = budget;
  }

  /**
   * Waits for the next message or control frame.
   *
   * @param timeout after it {@link Received.Quiet}; a message that is half there goes on later
   */
  public Received next(Duration timeout) throws IOException, WebSocketFailure {
    while (true) {
      if (!inFrame && !readHead()) {
        Optional<Received> without = fill(timeout);
        if (without.isPresent()) {
          return without.get();
        }
        continue;
      }
      while (remaining > 0) {
        Optional<Received> without = readPayload(timeout);
        if (without.isPresent()) {
          return without.get();
        }
      }
      inFrame = false;
      Optional<Received> whole = finishFrame();
      if (whole.isPresent()) {
        return whole.get();
      }
    }
  }

  /** Parses a frame's head if all of it is in the buffer. */
  private boolean readHead() throws WebSocketFailure {
    int available = buffer.remaining();
    if (available < 2) {
      return false;
    }
    int first = buffer.get(buffer.position()) & 0xFF;
    int second = buffer.get(buffer.position() + 1) & 0xFF;
    checkHead(first, second);
    int shortLength = second & 0x7F;
    int lengthBytes = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0;
    if (available < 2 + lengthBytes + Integer.BYTES) {
      return false;
    }
    buffer.position(buffer.position() + 2);
    remaining =
        switch (lengthBytes) {
          case 2 -> buffer.getShort() & 0xFFFF;
          case 8 -> buffer.getLong();
          default -> shortLength;
        };
    key = buffer.getInt();
    last = (first & 0x80) != 0;
    opcode = first & 0x0F;
    consumed = 0;
    inFrame = true;
    beginFrame();
    return true;
  }

  private static void checkHead(int first, int second) throws WebSocketFailure {
    if ((first & 0x70) != 0) {
      throw protocolError("reserved bits are set, but no extension was negotiated");
    }
    int opcode = first & 0x0F;
    switch (opcode) {
      case Opcode.CONTINUATION, Opcode.TEXT, Opcode.BINARY -> {}
      case Opcode.CLOSE, Opcode.PING, Opcode.PONG -> {
        if ((first & 0x80) == 0) {
          throw protocolError("a control frame is fragmented");
        }
        if ((second & 0x7F) > LARGEST_CONTROL_PAYLOAD) {
          throw protocolError("a control frame is longer than 125 bytes");
        }
      }
      default -> throw protocolError("unknown opcode " + opcode);
    }
    if ((second & 0x80) == 0) {
      throw protocolError("a client's frame is not masked");
    }
  }

  private void beginFrame() throws WebSocketFailure {
    if (Opcode.isControl(opcode)) {
      control = new byte[(int) remaining];
      return;
    }
    boolean continues = messageOpcode != Opcode.CONTINUATION;
    if (continues != (opcode == Opcode.CONTINUATION)) {
      throw protocolError(
          continues
              ? "a message begins before the last one ended"
              : "a continuation without a message");
    }
    if (!continues) {
      messageOpcode = opcode;
    }
    if (remaining < 0 || remaining > maxMessageBytes - messageLength) {
      throw new WebSocketFailure(
          CloseCode.TOO_BIG, "message is larger than " + maxMessageBytes + " bytes");
    }
    makeRoom((int) Math.min(remaining, TRUSTED_BYTES), messageLength + remaining);
  }

  private Optional<Received> readPayload(Duration timeout) throws IOException, WebSocketFailure {
    if (Opcode.isControl(opcode)) {
      if (!buffer.hasRemaining()) {
        return fill(timeout);
      }
      int count = (int) Math.min(remaining, buffer.remaining());
      buffer.get(control, (int) consumed, count);
      took(control, (int) consumed, count);
      return Optional.empty();
    }
    if (messageLength == message.length) {
      makeRoom(1, messageLength + remaining);
    }
    int room = (int) Math.min(remaining, message.length - messageLength);
    int count;
    if (buffer.hasRemaining()) {
      count = Math.min(room, buffer.remaining());
      buffer.get(message, messageLength, count);
    } else if (room < BUFFER_BYTES) {
      return fill(timeout);
    } else {
      // Straight into the message: a large one is not copied through the small buffer.
      count = stream.read(ByteBuffer.wrap(message, messageLength, room), timeout);
      if (count <= 0) {
        return Optional.of(count == 0 ? new Received.Quiet() : new Received.Lost());
      }
    }
    took(message, messageLength, count);
    messageLength += count;
    return Optional.empty();
  }

  private void took(byte[] bytes, int from, int count) {
    Mask.remove(bytes, from, from + count, key, consumed);
    consumed += count;
    remaining -= count;
  }

  private Optional<Received> finishFrame() throws WebSocketFailure {
    if (Opcode.isControl(opcode)) {
      byte[] payload = control;
      control = nothing;
      return Optional.of(
          switch (opcode) {
            case Opcode.PING -> new Received.Ping(payload);
            case Opcode.PONG -> new Received.Pong(payload);
            default -> new Received.Close(closeCode(payload));
          });
    }
    if (!last) {
      return Optional.empty();
    }
    byte[] whole =
        messageLength == message.length ? message : Arrays.copyOf(message, messageLength);
    boolean text = messageOpcode == Opcode.TEXT;
    forgetMessage();
    return Optional.of(text ? new Received.Text(whole) : new Received.Binary(whole));
  }

  private static int closeCode(byte[] payload) throws WebSocketFailure {
    if (payload.length == 0) {
      return NO_CODE;
    }
    if (payload.length == 1) {
      throw protocolError("a close code has two bytes");
    }
    int code = ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    boolean registered = code >= 1000 && code < 1015 && (code < 1004 || code > 1006);
    boolean allowed = registered || (code >= 3000 && code < 5000);
    if (!allowed) {
      throw protocolError("close code " + code + " must not be sent");
    }
    return code;
  }

  /**
   * Grows the message's array by doubling, at least by {@code least}, at most to {@code wanted}.
   */
  private void makeRoom(int least, long wanted) throws WebSocketFailure {
    long grown =
        Math.max((long) messageLength + least, Math.max(TRUSTED_BYTES, 2L * messageLength));
    int size = (int) Math.min(wanted, grown);
    if (size <= message.length) {
      return;
    }
    if (size > TRUSTED_BYTES) {
      if (!budget.reserve(size - reserved)) {
        throw new WebSocketFailure(
            CloseCode.TRY_AGAIN_LATER, "too many large messages at once, try again");
      }
      reserved = size;
    }
    message = Arrays.copyOf(message, size);
  }

  private Optional<Received> fill(Duration timeout) throws IOException {
    buffer.compact();
    int count;
    try {
      count = stream.read(buffer, timeout);
    } finally {
      buffer.flip();
    }
    if (count > 0) {
      return Optional.empty();
    }
    return Optional.of(count == 0 ? new Received.Quiet() : new Received.Lost());
  }

  private void forgetMessage() {
    message = nothing;
    messageLength = 0;
    messageOpcode = Opcode.CONTINUATION;
    budget.release(reserved);
    reserved = 0;
  }

  /** Gives back what a half message had taken from the budget. */
  @Override
  public void close() {
    forgetMessage();
  }

  private static WebSocketFailure protocolError(String what) {
    return new WebSocketFailure(CloseCode.PROTOCOL_ERROR, what);
  }
}
