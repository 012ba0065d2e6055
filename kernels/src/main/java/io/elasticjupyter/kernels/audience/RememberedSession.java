// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.audience;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * A session as it is kept over a restart of the gateway.
 *
 * @param key its {@code session_id}, or a made-up one
 * @param named whether the client gave the key
 * @param confirmed what it has for certain
 * @param targets whose replies it gets
 */
public record RememberedSession(String key, boolean named, long confirmed, Set<String> targets) {

  public RememberedSession {
    requireNonNull(key, "key");
    targets = Set.copyOf(targets);
    if (confirmed < 0) {
      throw new IllegalArgumentException("no place in a log: " + confirmed);
    }
  }
}
