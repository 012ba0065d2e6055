// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import io.elasticjupyter.wire.zmtp.ZmtpException.BadCommand;
import io.elasticjupyter.wire.zmtp.ZmtpException.BadFrame;
import io.elasticjupyter.wire.zmtp.ZmtpException.Closed;
import io.elasticjupyter.wire.zmtp.ZmtpException.TooLarge;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes frames from a byte stream and puts them together to messages (RFC 37, "Framing"). Sizes are
 * checked before anything is allocated for them. For one thread.
 */
final class FrameReader {

  static final int MORE = 0x01;
  static final int LONG = 0x02;
  static final int COMMAND = 0x04;

  /** Far above any command that exists; READY with all its properties has some hundred bytes. */
  static final int MAX_COMMAND_BYTES = 64 * 1024;

  private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

  /** Gets the commands that come between frames. */
  @FunctionalInterface
  interface CommandHandler {
    void handle(Command command) throws IOException;
  }

  private final ReceiveBuffer buffer;
  private final long maxMessageBytes;
  private final int maxParts;
  private int expectedParts = 8;

  FrameReader(ByteSource source, ZmtpOptions options) {
    this.buffer = new ReceiveBuffer(source, options.maxBufferBytes());
    this.maxMessageBytes = options.maxMessageBytes();
    this.maxParts = options.maxParts();
  }

  boolean hasBuffered() {
    return buffer.buffered() > 0;
  }

  Greeting readGreeting() throws IOException {
    try {
      return Greeting.read(buffer);
    } catch (EOFException end) {
      throw new Closed(Closed.How.BY_PEER, end);
    }
  }

  /** The next frame, which must be a command, as each frame of a handshake is. */
  Command readCommand() throws IOException {
    try {
      int flags = buffer.next();
      checkFlags(flags);
      if ((flags & COMMAND) == 0) {
        throw new BadCommand("A message came before READY.");
      }
      return command(flags);
    } catch (EOFException end) {
      throw new Closed(Closed.How.BY_PEER, end);
    }
  }

  /**
   * The next message. libzmq may put a PING between two parts of one message, so commands are taken
   * wherever they come.
   */
  List<byte[]> readMessage(CommandHandler commands) throws IOException {
    ArrayList<byte[]> parts = new ArrayList<>(expectedParts);
    long room = maxMessageBytes;
    boolean between = true;
    try {
      while (true) {
        int flags = buffer.next();
        between = false;
        checkFlags(flags);
        if ((flags & COMMAND) != 0) {
          commands.handle(command(flags));
          between = parts.isEmpty();
          continue;
        }
        if (parts.size() == maxParts) {
          throw new TooLarge("A message has more than " + maxParts + " parts.");
        }
        long size = size(flags);
        if (size > room || size > MAX_ARRAY_BYTES) {
          throw passOver(flags, size, room);
        }
        parts.add(buffer.take((int) size));
        room -= size;
        if ((flags & MORE) == 0) {
          expectedParts = Math.min(parts.size(), 16);
          return parts;
        }
      }
    } catch (EOFException end) {
      throw new Closed(between ? Closed.How.BY_PEER : Closed.How.BY_PEER_INSIDE_MESSAGE, end);
    }
  }

  private Command command(int flags) throws IOException {
    long size = size(flags);
    if (size > MAX_COMMAND_BYTES) {
      throw new TooLarge(tooLarge(size, MAX_COMMAND_BYTES));
    }
    return Command.parse(buffer.take((int) size));
  }

  /**
   * Reads a message that is too large to its end without keeping it: one huge output shall not cost
   * the connection, and with it what else is on its way.
   */
  private TooLarge passOver(int firstFlags, long firstSize, long room) throws IOException {
    int flags = firstFlags;
    long size = firstSize;
    try {
      while (true) {
        buffer.skip(size);
        if ((flags & (MORE | COMMAND)) == 0) {
          return new TooLarge(tooLarge(firstSize, room), true);
        }
        flags = buffer.next();
        checkFlags(flags);
        size = size(flags);
      }
    } catch (EOFException end) {
      return new TooLarge(tooLarge(firstSize, room));
    }
  }

  private static String tooLarge(long size, long room) {
    return "A frame of " + size + " bytes where " + room + " are allowed.";
  }

  private static void checkFlags(int flags) throws BadFrame {
    if ((flags & ~(MORE | LONG | COMMAND)) != 0 || (flags & (MORE | COMMAND)) == (MORE | COMMAND)) {
      throw new BadFrame("Illegal frame flags: 0x" + Integer.toHexString(flags));
    }
  }

  private long size(int flags) throws IOException {
    long size = (flags & LONG) == 0 ? buffer.next() : buffer.nextLong();
    // Illegal by the RFC.
    if (size < 0) {
      throw new TooLarge("A frame of " + Long.toUnsignedString(size) + " bytes.");
    }
    return size;
  }
}
