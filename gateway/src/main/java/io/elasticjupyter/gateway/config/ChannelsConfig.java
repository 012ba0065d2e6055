// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.config;

import java.time.Duration;
import java.util.Set;

/**
 * The kernels' websockets.
 *
 * @param pingInterval how often an idle client is asked whether it is there ({@code
 *     EG_WS_PING_INTERVAL_SECS}); zero never asks. Three unanswered intervals end the connection.
 * @param maxMessageBytes largest message that a client may send; larger ones close its websocket
 *     with 1009
 * @param maxBatchBytes how much is written at once while a client lags behind; with the kernel's
 *     next message this bounds what one connection holds in memory
 * @param allowedMessageTypes message types that a client may send; empty is all
 */
public record ChannelsConfig(
    Duration pingInterval,
    long maxMessageBytes,
    int maxBatchBytes,
    Set<String> allowedMessageTypes) {

  public ChannelsConfig {
    if (pingInterval.isNegative()) {
      throw new IllegalArgumentException("ping interval must not be negative, is " + pingInterval);
    }
    if (maxMessageBytes < 1 || maxMessageBytes > Integer.MAX_VALUE - 1024) {
      throw new IllegalArgumentException(
          "largest message must be between 1 byte and 2 GiB, is " + maxMessageBytes);
    }
    if (maxBatchBytes < 1) {
      throw new IllegalArgumentException("batch must be at least 1 byte, is " + maxBatchBytes);
    }
    allowedMessageTypes = Set.copyOf(allowedMessageTypes);
  }

  /**
   * The largest message is 512 MiB, far above what any notebook sends (file uploads by widgets are
   * the largest), but never above a quarter of the heap: a message is in memory as a whole, because
   * its signature covers all of it.
   */
  public static ChannelsConfig defaults() {
    long largest = Math.min(512L << 20, Runtime.getRuntime().maxMemory() / 4);
    return new ChannelsConfig(Duration.ofSeconds(30), largest, 256 << 10, Set.of());
  }
}
