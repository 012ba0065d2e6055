// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.wire.message.JupyterMessage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What the gateway itself asked a kernel, by the ids of its messages. Safe for any thread. */
final class Questions {

  private final Map<String, Consumer<JupyterMessage>> open = new ConcurrentHashMap<>();
  private final Map<String, Consumer<JupyterMessage>> heard = new ConcurrentHashMap<>();

  /** Calls back when the reply to the message of that id comes; at most once. */
  void expect(String messageId, Consumer<JupyterMessage> onReply) {
    open.put(messageId, onReply);
  }

  /** Calls back with each message that the kernel publishes for the message of that id. */
  void expectOutput(String messageId, Consumer<JupyterMessage> onOutput) {
    heard.put(messageId, onOutput);
  }

  /** Waits for that reply, and what belongs to it, no more. */
  void forget(String messageId) {
    open.remove(messageId);
    heard.remove(messageId);
  }

  void answered(String messageId, JupyterMessage reply) {
    Consumer<JupyterMessage> callback = open.remove(messageId);
    if (callback != null) {
      callback.accept(reply);
    }
  }

  void said(String messageId, JupyterMessage output) {
    Consumer<JupyterMessage> callback = heard.get(messageId);
    if (callback != null) {
      callback.accept(output);
    }
  }
}
