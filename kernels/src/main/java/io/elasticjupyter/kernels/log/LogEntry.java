// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import io.elasticjupyter.wire.message.JupyterMessage;
import org.jspecify.annotations.Nullable;

/**
 * A message in the log.
 *
 * @param sequence its place, strictly growing; holes are allowed
 * @param kind whether it survives when the log is cut
 * @param target the one session it is for; null where every client gets it
 * @param message what the client gets
 */
public record LogEntry(long sequence, Kind kind, @Nullable String target, JupyterMessage message) {

  /** What a limit may take away. */
  public enum Kind {
    /** Output: text, images, widget state. Cut first. */
    BULK,
    /** Replies, statuses, requests for input: small, and a client hangs without them. */
    VITAL
  }

  /** Bytes that it counts against limits. */
  public long size() {
    return message.size();
  }
}
