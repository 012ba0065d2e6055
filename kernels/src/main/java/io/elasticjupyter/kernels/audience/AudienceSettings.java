// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.audience;

import java.time.Duration;

/**
 * How long clients that went away are waited for.
 *
 * @param inheritedFor how long a session that went away may still be taken over once more after a
 *     new session took over its output: a reloaded page opens several sockets at once
 * @param keptFor how long a session that went away keeps its place while other clients come and go;
 *     the last one to leave keeps it without limit
 * @param maxSessions sessions that went away and are remembered; beyond, the oldest is forgotten
 */
public record AudienceSettings(Duration inheritedFor, Duration keptFor, int maxSessions) {

  public static AudienceSettings defaults() {
    return new AudienceSettings(Duration.ofSeconds(30), Duration.ofMinutes(15), 64);
  }
}
