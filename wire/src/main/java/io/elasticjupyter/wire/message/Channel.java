// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.message;

import java.util.Optional;

/**
 * The channels of a kernel that a client can see (Jupyter messaging protocol 5.x, "introduction").
 * The heartbeat is not among them: websocket clients have no use for it.
 */
public enum Channel {
  SHELL("shell"),
  CONTROL("control"),
  STDIN("stdin"),
  IOPUB("iopub");

  private final String wireName;

  Channel(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire and in connection files ({@code <name>_port}). */
  public String wireName() {
    return wireName;
  }

  /** Finds the channel of that wire name; empty for a name that no channel has. */
  public static Optional<Channel> named(String wireName) {
    return switch (wireName) {
      case "shell" -> Optional.of(SHELL);
      case "control" -> Optional.of(CONTROL);
      case "stdin" -> Optional.of(STDIN);
      case "iopub" -> Optional.of(IOPUB);
      default -> Optional.empty();
    };
  }
}
