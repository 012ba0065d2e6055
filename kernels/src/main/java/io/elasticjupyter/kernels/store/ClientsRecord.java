// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.store;

import static java.util.Objects.requireNonNull;

import io.elasticjupyter.kernels.audience.RememberedSession;
import java.time.Instant;
import java.util.List;

/**
 * What is kept of a kernel's clients, {@code clients.json} in its folder; written often and small.
 *
 * @param lastSequence the last place that the output log gave out
 * @param lastActivity when the kernel last did something
 * @param sessions the clients
 */
public record ClientsRecord(
    long lastSequence, Instant lastActivity, List<RememberedSession> sessions) {

  /** No log comes near it; a damaged file may. */
  private static final long HIGHEST = Long.MAX_VALUE / 2;

  public ClientsRecord {
    requireNonNull(lastActivity, "lastActivity");
    sessions = List.copyOf(sessions);
    if (lastSequence < 0 || lastSequence > HIGHEST) {
      throw new IllegalArgumentException("no place in a log: " + lastSequence);
    }
  }
}
