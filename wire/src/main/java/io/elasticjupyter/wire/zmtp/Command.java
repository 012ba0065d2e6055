// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.elasticjupyter.wire.zmtp.ZmtpException.BadCommand;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The body of a command frame: a short name, then data of its own form (RFC 37, "Commands"). */
sealed interface Command {

  int MAX_PING_CONTEXT_BYTES = 16;

  /** The end of a NULL handshake. */
  record Ready(ReadyMetadata metadata) implements Command {}

  /** The peer refuses. */
  record Refusal(String reason) implements Command {}

  /** To be answered by a PONG with the same context. */
  record Ping(int timeToLiveTenths, byte[] context) implements Command {}

  /** Any other, to be ignored. */
  record Other(String name) implements Command {}

  static Command parse(byte[] body) throws BadCommand {
    ByteBuffer data = ByteBuffer.wrap(body);
    String name = shortString(data, "command name");
    if (name.isEmpty()) {
      throw new BadCommand("A command without a name.");
    }
    return switch (name) {
      case "READY" -> new Ready(ReadyMetadata.parse(data));
      case "ERROR" -> new Refusal(printable(shortString(data, "reason of ERROR")));
      case "PING" -> ping(data);
      default -> new Other(printable(name));
    };
  }

  static byte[] pong(byte[] context) {
    return named("PONG", context);
  }

  static byte[] subscribe(byte[] prefix) {
    return named("SUBSCRIBE", prefix);
  }

  static byte[] ready(SocketType type, byte[] identity) {
    return named("READY", ReadyMetadata.ours(type, identity));
  }

  private static Ping ping(ByteBuffer data) throws BadCommand {
    if (data.remaining() < Short.BYTES) {
      throw new BadCommand("A PING without its time to live.");
    }
    int timeToLive = Short.toUnsignedInt(data.getShort());
    // Longer contexts are illegal; libzmq cuts them as well.
    byte[] context = new byte[Math.min(data.remaining(), MAX_PING_CONTEXT_BYTES)];
    data.get(context);
    return new Ping(timeToLive, context);
  }

  private static byte[] named(String name, byte[] data) {
    byte[] body = Arrays.copyOf(new byte[] {(byte) name.length()}, 1 + name.length() + data.length);
    System.arraycopy(name.getBytes(US_ASCII), 0, body, 1, name.length());
    System.arraycopy(data, 0, body, 1 + name.length(), data.length);
    return body;
  }

  /** One byte of length, then that many bytes. */
  private static String shortString(ByteBuffer data, String what) throws BadCommand {
    if (!data.hasRemaining()) {
      throw new BadCommand("No " + what + ".");
    }
    int length = Byte.toUnsignedInt(data.get());
    if (length > data.remaining()) {
      throw new BadCommand("The " + what + " is cut off.");
    }
    byte[] bytes = new byte[length];
    data.get(bytes);
    return new String(bytes, ISO_8859_1);
  }

  /** What a peer sends gets into logs, so control characters are taken out. */
  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
