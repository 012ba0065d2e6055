// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.channels;

import io.elasticjupyter.gateway.metrics.GatewayMetrics;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts the messages of a batch, so that shared counters are touched once for a batch and not once
 * for a message. For one thread.
 */
final class Tally {

  private final GatewayMetrics metrics;
  private final Map<Channel, Sum> sums = new EnumMap<>(Channel.class);

  private static final class Sum {
    private long messages;
    private long bytes;
  }

  Tally(GatewayMetrics metrics) {
    this.metrics = metrics;
  }

  void add(JupyterMessage message) {
    Sum sum = sums.computeIfAbsent(message.channel(), _ -> new Sum());
    sum.messages++;
    sum.bytes += message.size();
  }

  void tooLarge() {
    metrics.dropped(GatewayMetrics.Drop.TOO_LARGE);
  }

  void report() {
    sums.forEach((channel, sum) -> metrics.sentToClient(channel, sum.messages, sum.bytes));
    sums.clear();
  }
}
