// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.config;

import java.time.Duration;

/**
 * What one request or connection may cost.
 *
 * @param maxBodyBytes larger bodies are answered with 413
 * @param maxHeaderBytes larger request lines and headers are answered with 431 (or 414)
 * @param requestTimeout how long the head of a request, and then its body, may take to arrive,
 *     however slowly it drips
 * @param idleTimeout how long a connection may stay open between requests
 * @param maxConnections connections at a time; more wait in the system's queue
 */
public record HttpLimitsConfig(
    int maxBodyBytes,
    int maxHeaderBytes,
    Duration requestTimeout,
    Duration idleTimeout,
    int maxConnections) {

  public static HttpLimitsConfig defaults() {
    return new HttpLimitsConfig(
        1 << 20, 32 << 10, Duration.ofSeconds(20), Duration.ofSeconds(60), 10_000);
  }
}
