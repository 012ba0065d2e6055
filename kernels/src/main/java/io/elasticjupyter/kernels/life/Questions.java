// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.wire.message.JupyterMessage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What the gateway itself asked a kernel, by the ids of its messages. Safe for any thread. */
final class Questions {

  private final Map<String, Consumer<JupyterMessage>> open = new ConcurrentHashMap<>();

  /** Calls back when the reply to the message of that id comes; at most once. */
  void expect(String messageId, Consumer<JupyterMessage> onReply) {
    open.put(messageId, onReply);
  }

  /** Waits for that reply no more. */
  void forget(String messageId) {
    open.remove(messageId);
  }

  void answered(String messageId, JupyterMessage reply) {
    Consumer<JupyterMessage> callback = open.remove(messageId);
    if (callback != null) {
      callback.accept(reply);
    }
  }
}
