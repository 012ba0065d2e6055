// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.wire.message.JupyterMessage;
import java.time.Duration;

/**
 * One client at one kernel. The client's websocket has two loops on it: one that hands in what the
 * client sends ({@link #submit}), one that takes what it is to get ({@link #take}). The kernel's
 * output log is the queue between kernel and client: a client that does not take leaves its
 * messages there and costs the gateway nothing more.
 */
public interface Attachment extends AutoCloseable {

  /**
   * Hands in a client's message; in order per channel. Blocks while the kernel does not take, so
   * that the client is slowed instead of the gateway filled. A message that cannot be held or
   * delivered is answered with an error reply through {@link #take}.
   *
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  void submit(JupyterMessage message) throws InterruptedException;

  /**
   * Waits for what the client is to get next. For one thread.
   *
   * @param maxBytes a batch ends after the message that reaches it
   * @param timeout how long to wait before {@link Delivery.Nothing}
   */
  Delivery take(long maxBytes, Duration timeout) throws InterruptedException;

  /**
   * Notes that the client has every message up to {@code sequence} for certain (it answered a ping
   * that was sent behind them). What is not acknowledged when the attachment closes is given again
   * to the session's next attachment.
   */
  void acknowledge(long sequence);

  /** Detaches; the session keeps its place in the log. Idempotent, from any thread. */
  @Override
  void close();
}
