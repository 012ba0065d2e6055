// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The one counter for messages that went no further, whoever dropped them. */
final class DroppedMessages {

  private DroppedMessages() {}

  /**
   * The counter of one reason.
   *
   * @param reason a stable code
   */
  static Counter counter(MeterRegistry registry, String reason) {
    return Counter.builder("elastic_jupyter_dropped_messages")
        .description("Messages that went no further, by reason")
        .tag("reason", reason)
        .register(registry);
  }
}
