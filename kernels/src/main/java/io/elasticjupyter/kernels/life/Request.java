// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.util.List;

/**
 * A client's request that is not answered yet.
 *
 * @param messageId its id, by which the reply names it
 * @param session key of the session that gets the reply
 * @param channel where it was sent
 * @param messageType for example {@code execute_request}
 * @param header its whole header, for an answer in the kernel's place
 */
record Request(
    String messageId, String session, Channel channel, String messageType, byte[] header) {

  private static final byte[] EMPTY = {'{', '}'};

  /** Whether it runs code, so that its cell shows what becomes of it. */
  boolean runsCode() {
    return messageType.equals("execute_request");
  }

  /** As much of the message as an answer needs. */
  JupyterMessage asMessage() {
    return new JupyterMessage(channel, header, EMPTY, EMPTY, EMPTY, List.of());
  }
}
