// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.audience;

import io.elasticjupyter.wire.message.JupyterMessage;

/** Takes what clients send to their kernel. */
@FunctionalInterface
public interface Inbox {

  /**
   * Takes a message; blocks while the kernel does not take.
   *
   * @param session key of the session that sent it, to which the reply goes
   */
  void submit(String session, JupyterMessage message) throws InterruptedException;
}
