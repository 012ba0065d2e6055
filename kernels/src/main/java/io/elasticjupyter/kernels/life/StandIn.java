// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.hibernation.SleepingAnswers;
import io.elasticjupyter.kernels.hibernation.SleepingAnswers.Reaction;
import io.elasticjupyter.kernels.log.LogEntry.Kind;
import io.elasticjupyter.kernels.log.OutputLog;
import io.elasticjupyter.wire.json.PooledJson;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.MessageHeader;
import io.elasticjupyter.wire.message.Messages;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers clients in the place of a kernel that sleeps, where the kernel itself is not needed. Off
 * while it is awake. Safe for any thread.
 */
final class StandIn {

  private static final System.Logger LOG = System.getLogger(StandIn.class.getName());
  private static final JsonMapper JSON = PooledJson.mapper().build();

  private final OutputLog log;
  private final Messages messages;
  private volatile ObjectNode kernelInfo =
      JsonNodeFactory.instance.objectNode().put("status", "ok");
  private volatile @Nullable SleepingAnswers answers;
  private Consumer<LifeEvent> events = event -> {};

  StandIn(OutputLog log, Messages messages) {
    this.log = log;
    this.messages = messages;
  }

  /** Says who acts on what clients want of a sleeping kernel. Before the first message. */
  void onWish(Consumer<LifeEvent> wishes) {
    events = wishes;
  }

  /** Takes over what an earlier run of the gateway had learned. */
  void learn(ObjectNode info) {
    kernelInfo = info;
  }

  /** Learns what the kernel says of itself, the content of a {@code kernel_info_reply}. */
  void learn(byte[] content) {
    try {
      JsonNode info = JSON.readTree(content);
      if (info instanceof ObjectNode object) {
        kernelInfo = object;
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "event=kernel-info-unreadable reason={0}", e.toString());
    }
  }

  ObjectNode kernelInfo() {
    return kernelInfo;
  }

  void begin() {
    answers = new SleepingAnswers(kernelInfo);
  }

  void end() {
    answers = null;
  }

  /** Whether the kernel sleeps, so that a message that is held wakes it. */
  boolean isOn() {
    return answers != null;
  }

  /** Wakes the kernel for what only it can do. */
  void wake() {
    events.accept(new LifeEvent.Wanted());
  }

  /**
   * Sees to a message, where the kernel sleeps and is not needed for it.
   *
   * @return false where it is the kernel's
   */
  boolean sees(String session, JupyterMessage message, String messageType) {
    SleepingAnswers sleeping = answers;
    if (sleeping == null) {
      return false;
    }
    return switch (sleeping.to(messageType, message)) {
      case Reaction.Wake _ -> false;
      case Reaction.Ignore _ -> true;
      case Reaction.Answer answer -> {
        answer(session, message, answer.content());
        yield true;
      }
      case Reaction.Tell tell -> {
        between(
            message,
            () ->
                log.append(
                    Kind.VITAL,
                    null,
                    messages.message(
                        Channel.IOPUB, tell.messageType(), message.header(), tell.content())));
        yield true;
      }
      case Reaction.End end -> {
        answer(session, message, end.answer());
        events.accept(end.restart() ? new LifeEvent.Restart() : new LifeEvent.EndAsked());
        yield true;
      }
    };
  }

  private void answer(String session, JupyterMessage message, ObjectNode content) {
    try {
      String type = MessageHeader.parse(message.header()).msgType();
      LOG.log(Level.DEBUG, "event=answered-in-sleep type={0}", type);
      JupyterMessage reply = messages.reply(message, content);
      between(message, () -> log.append(Kind.VITAL, session, reply));
    } catch (MessageException e) {
      throw new IllegalStateException("the header was read when the message came in", e);
    }
  }

  /** As a kernel does with each message: busy, what it says, idle. */
  private void between(JupyterMessage message, Runnable saying) {
    log.append(Kind.VITAL, null, status(ExecutionState.BUSY, message));
    saying.run();
    log.append(Kind.VITAL, null, status(ExecutionState.IDLE, message));
  }

  private JupyterMessage status(ExecutionState state, JupyterMessage parent) {
    return messages.status(state.wireName(), parent.header());
  }
}
