// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import java.time.Duration;

/**
 * Limits of one socket.
 *
 * @param connectTimeout for the transport's connect alone
 * @param handshakeTimeout for greeting and READY together, counted from the connect
 * @param maxMessageBytes upper bound of the sum of all parts of one received message
 * @param maxParts upper bound of the number of parts of one received message
 * @param maxBufferBytes what the read buffer may grow to while a flood lasts; an idle socket has 2
 *     KiB
 */
public record ZmtpOptions(
    Duration connectTimeout,
    Duration handshakeTimeout,
    long maxMessageBytes,
    int maxParts,
    int maxBufferBytes) {

  public ZmtpOptions {
    requirePositive(connectTimeout, "connectTimeout");
    requirePositive(handshakeTimeout, "handshakeTimeout");
    if (maxMessageBytes < 1) {
      throw new IllegalArgumentException("maxMessageBytes must be positive");
    }
    if (maxParts < 1) {
      throw new IllegalArgumentException("maxParts must be positive");
    }
    if (maxBufferBytes < ReceiveBuffer.IDLE_BYTES) {
      throw new IllegalArgumentException(
          "maxBufferBytes must be at least " + ReceiveBuffer.IDLE_BYTES);
    }
  }

  /** Ten seconds each, 1 GiB a message, 16,384 parts, 64 KiB of buffer. */
  public static ZmtpOptions defaults() {
    return new ZmtpOptions(
        Duration.ofSeconds(10), Duration.ofSeconds(10), 1L << 30, 16_384, 64 * 1024);
  }

  public ZmtpOptions withConnectTimeout(Duration timeout) {
    return new ZmtpOptions(timeout, handshakeTimeout, maxMessageBytes, maxParts, maxBufferBytes);
  }

  public ZmtpOptions withHandshakeTimeout(Duration timeout) {
    return new ZmtpOptions(connectTimeout, timeout, maxMessageBytes, maxParts, maxBufferBytes);
  }

  public ZmtpOptions withMaxMessageBytes(long bytes) {
    return new ZmtpOptions(connectTimeout, handshakeTimeout, bytes, maxParts, maxBufferBytes);
  }

  public ZmtpOptions withMaxParts(int parts) {
    return new ZmtpOptions(
        connectTimeout, handshakeTimeout, maxMessageBytes, parts, maxBufferBytes);
  }

  private static void requirePositive(Duration duration, String name) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive");
    }
  }
}
