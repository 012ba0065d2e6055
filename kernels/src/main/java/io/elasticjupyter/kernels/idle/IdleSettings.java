// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.idle;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/**
 * The idle rule's settings.
 *
 * @param timeout how long a kernel may do nothing; zero turns the rule off
 * @param interval how often kernels are looked at
 * @param connected whether a kernel with attached clients may be idle ({@code cull_connected})
 * @param busy whether a kernel that runs something may be idle ({@code cull_busy}): for kernels
 *     that hang
 * @param minimumRunTime how long every kernel runs at least before the rule applies to it
 * @param longestOwn the longest timeout that a client may ask for its own kernel, where the one
 *     that holds otherwise is shorter
 */
public record IdleSettings(
    Duration timeout,
    Duration interval,
    boolean connected,
    boolean busy,
    Duration minimumRunTime,
    Duration longestOwn) {

  public IdleSettings {
    if (timeout.isNegative() || interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException(
          "idle timeout must not be negative and the interval must be positive: "
              + timeout
              + ", "
              + interval);
    }
  }

  /** Where clients may ask for no longer timeout than theirs. */
  public IdleSettings(
      Duration timeout,
      Duration interval,
      boolean connected,
      boolean busy,
      Duration minimumRunTime) {
    this(timeout, interval, connected, busy, minimumRunTime, Duration.ZERO);
  }

  /** Off, as in the peers: whoever wants idle kernels stopped says after how long. */
  public static IdleSettings off() {
    return new IdleSettings(Duration.ZERO, Duration.ofMinutes(5), false, false, Duration.ZERO);
  }

  /**
   * These settings with what a kernelspec's metadata overrides: {@code cull_idle_timeout} and
   * {@code cull_minimum_run_time} in seconds, {@code cull_connected}, {@code cull_busy}. The first
   * is what jupyter_server reads as well. A value of the wrong type overrides nothing.
   */
  public IdleSettings overriddenBy(JsonNode metadata) {
    return new IdleSettings(
        seconds(metadata.path("cull_idle_timeout"), timeout),
        interval,
        flag(metadata.path("cull_connected"), connected),
        flag(metadata.path("cull_busy"), busy),
        seconds(metadata.path("cull_minimum_run_time"), minimumRunTime),
        longestOwn);
  }

  /** These settings for a kernel that costs its clients nothing when it is idle. */
  public IdleSettings alsoConnected() {
    return new IdleSettings(timeout, interval, true, busy, minimumRunTime, longestOwn);
  }

  /** These settings with another time that a kernel may do nothing. */
  public IdleSettings withTimeout(Duration other) {
    return new IdleSettings(other, interval, connected, busy, minimumRunTime, longestOwn);
  }

  private static Duration seconds(JsonNode value, Duration otherwise) {
    if (!value.isNumber() || value.doubleValue() < 0) {
      return otherwise;
    }
    return Duration.ofMillis(Math.round(value.doubleValue() * 1000));
  }

  private static boolean flag(JsonNode value, boolean otherwise) {
    return value.isBoolean() ? value.booleanValue() : otherwise;
  }
}
