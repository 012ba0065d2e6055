// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until its test moves it. Safe for any thread. */
public final class ManualClock implements InstantSource {

  private final AtomicReference<Instant> now;

  /** A clock that shows {@code start}. */
  public ManualClock(Instant start) {
    now = new AtomicReference<>(start);
  }

  /** A clock that shows noon of an ordinary day, for tests that only count from it. */
  public static ManualClock atNoon() {
    return new ManualClock(Instant.parse("2026-03-02T12:00:00Z"));
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  /**
   * Moves on; never back, as the time of a machine does not either in what we test with it.
   *
   * @return the new time
   */
  public Instant advance(Duration step) {
    if (step.isNegative()) {
      throw new IllegalArgumentException("a clock does not go back: " + step);
    }
    return now.updateAndGet(instant -> instant.plus(step));
  }
}
