// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts wrong tokens by the address that they came from, and says when those are guesses. Right
 * tokens are none of its business: others may be behind the same address. Safe for any thread.
 */
final class WrongTokens {

  /** How many may come from one address within {@link #WINDOW}. */
  static final int MOST = 30;

  static final Duration WINDOW = Duration.ofMinutes(1);

  /** More addresses than this at a time are not told apart from the oldest on. */
  private static final int MOST_ADDRESSES = 10_000;

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Count> counts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  private record Count(Instant since, int number) {}

  WrongTokens(InstantSource clock) {
    this.clock = clock;
  }

  /** Takes in another one; answers whether they are too many. */
  boolean areTooMany(String address) {
    Instant now = clock.instant();
    lock.lock();
    try {
      Count before = counts.get(address);
      Count counted =
          before == null || !now.isBefore(before.since().plus(WINDOW))
              ? new Count(now, 1)
              : new Count(before.since(), before.number() + 1);
      counts.put(address, counted);
      return counted.number() > MOST;
    } finally {
      lock.unlock();
    }
  }
}
