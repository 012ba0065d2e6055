// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.wire.message.JupyterMessage;
import java.util.List;

/** What an attachment has for its client next. */
public sealed interface Delivery {

  /**
   * Messages in the order in which the kernel sent them.
   *
   * @param messages at least one
   * @param more whether the log holds more for this client right now, so that a writer can choose
   *     between promptness and batching
   */
  record Messages(List<Numbered> messages, boolean more) implements Delivery {
    public Messages {
      messages = List.copyOf(messages);
    }
  }

  /** Nothing came within the time that was given; a moment for the writer to send a ping. */
  record Nothing() implements Delivery {}

  /** The attachment is over; the client is to be told by closing its socket. */
  record Ended(EndReason reason) implements Delivery {}

  /**
   * A message and its place in the kernel's log.
   *
   * @param sequence strictly growing within a kernel, also over gateway restarts
   */
  record Numbered(long sequence, JupyterMessage message) {}

  /** Why an attachment ended. */
  enum EndReason {
    /** The same session attached again; this one is stale. */
    REPLACED,
    /** The kernel was deleted. */
    KERNEL_DELETED,
    /** The gateway goes down; the client should come back. */
    GATEWAY_STOPPING,
    /** The owner of the attachment closed it. */
    DETACHED
  }
}
