// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.KernelMonitor;
import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.kernels.log.LogEntry.Kind;
import io.elasticjupyter.kernels.log.OutputLog;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.ExecutionCount;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.MessageHeader;
import io.elasticjupyter.wire.message.StatusContent;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts what one connection to a kernel brings into the log, for whom it is, and notes what it says
 * of the kernel. What answers the gateway's own questions stays here. One instance per connection;
 * called by one thread per channel.
 */
final class Relay implements KernelLink.Receiver {

  private final OutputLog log;
  private final Requests requests;
  private final Activity activity;
  private final KernelMonitor monitor;
  private final InstantSource clock;
  private final BooleanSupplier nobodyListens;
  private final Consumer<String> onLogged;
  private final Consumer<IOException> onLost;
  private final Runnable onTooLarge;
  private final Questions questions;
  private final Consumer<byte[]> onKernelInfo;
  private volatile @Nullable Runnable onFirstOutput;
  private volatile boolean publishes;

  /**
   * @param questions what the gateway itself asked
   * @param onKernelInfo given the content of each {@code kernel_info_reply}
   * @param nobodyListens whether no client is there to take a reply at once
   * @param onLogged told the id of each message of iopub that is in the log, or needs not to be
   * @param onLost told when the connection ends by itself
   * @param onTooLarge told when the kernel sent more in one message than is taken
   */
  Relay(
      OutputLog log,
      Requests requests,
      Questions questions,
      Consumer<byte[]> onKernelInfo,
      Activity activity,
      KernelMonitor monitor,
      InstantSource clock,
      BooleanSupplier nobodyListens,
      Consumer<String> onLogged,
      Consumer<IOException> onLost,
      Runnable onTooLarge) {
    this.log = log;
    this.requests = requests;
    this.questions = questions;
    this.onKernelInfo = onKernelInfo;
    this.activity = activity;
    this.monitor = monitor;
    this.clock = clock;
    this.nobodyListens = nobodyListens;
    this.onLogged = onLogged;
    this.onLost = onLost;
    this.onTooLarge = onTooLarge;
  }

  /** Calls back when the reply to the gateway's own message of that id comes. */
  void expectReply(String messageId, Runnable onReply) {
    questions.expect(messageId, reply -> onReply.run());
  }

  /** Calls back when anything was received on iopub, which proves that the subscription works. */
  void expectOutput(Runnable onOutput) {
    onFirstOutput = onOutput;
    if (publishes) {
      onOutput.run();
    }
  }

  boolean publishes() {
    return publishes;
  }

  @Override
  public void received(JupyterMessage message, boolean more) {
    monitor.fromKernel(message.channel());
    try {
      switch (message.channel()) {
        case IOPUB -> output(message, more);
        case SHELL, CONTROL -> reply(message);
        case STDIN -> question(message);
      }
    } catch (MessageException e) {
      dropped(message.channel(), e.code());
    }
  }

  private void output(JupyterMessage message, boolean more) throws MessageException {
    if (!publishes) {
      publishes = true;
      Runnable callback = onFirstOutput;
      if (callback != null) {
        callback.run();
      }
    }
    MessageHeader parent = MessageHeader.parse(message.parentHeader());
    MessageHeader header = MessageHeader.parse(message.header());
    String type = header.msgType();
    // The welcome (JEP 65) is for whoever subscribed, and that is the gateway.
    if (KernelIdentity.isGateway(parent.session()) || type.equals("iopub_welcome")) {
      questions.said(parent.msgId(), message);
      log.announce();
      onLogged.accept(header.msgId());
      return;
    }
    Instant now = clock.instant();
    switch (type) {
      case "status" -> noteStatus(parent.msgId(), message, now);
      case "execute_input" -> {
        int count = ExecutionCount.of(message.content());
        requests.noteOutcome(parent.msgId(), outcome -> outcome.counted(count));
      }
      case "error" ->
          requests.noteOutcome(parent.msgId(), outcome -> outcome.failed(message.content()));
      default -> {}
    }
    activity.touch(now);
    if (more) {
      log.appendQuietly(kindOf(type), null, message);
    } else {
      log.append(kindOf(type), null, message);
    }
    onLogged.accept(header.msgId());
  }

  private void noteStatus(String parent, JupyterMessage message, Instant now)
      throws MessageException {
    switch (StatusContent.executionState(message.content()).orElse("")) {
      case "busy" -> requests.noteStatus(parent, true);
      case "idle" -> {
        requests.noteStatus(parent, false);
        requests.noteOutcome(parent, CellOutcome::done);
      }
      default -> activity.touch(now);
    }
  }

  private static Kind kindOf(String type) {
    return switch (type) {
      case "status", "error", "execute_input", "clear_output" -> Kind.VITAL;
      default -> Kind.BULK;
    };
  }

  private void reply(JupyterMessage message) throws MessageException {
    MessageHeader parent = MessageHeader.parse(message.parentHeader());
    if (parent.msgType().equals("kernel_info_request")) {
      onKernelInfo.accept(message.content());
    }
    if (KernelIdentity.isGateway(parent.session())) {
      questions.answered(parent.msgId(), message);
      return;
    }
    if (parent.msgType().equals("execute_request")) {
      activity.noteAnsweredCell();
    }
    activity.touch(clock.instant());
    Optional<Request> request = requests.find(parent.msgId());
    log.append(Kind.VITAL, request.map(Request::session).orElse(null), message);
    if (request.filter(Request::runsCode).isPresent() && nobodyListens.getAsBoolean()) {
      // The journal shall not say that it is answered while the answer is only in memory.
      log.flushAll();
    }
    requests.answered(parent.msgId());
  }

  private void question(JupyterMessage message) throws MessageException {
    MessageHeader parent = MessageHeader.parse(message.parentHeader());
    @Nullable String session = requests.find(parent.msgId()).map(Request::session).orElse(null);
    log.append(Kind.VITAL, session, message);
  }

  @Override
  public void dropped(Channel channel, String code) {
    monitor.dropped(channel, code);
    log.announce();
  }

  @Override
  public void tooLarge(Channel channel) {
    dropped(channel, "message-too-large");
    onTooLarge.run();
  }

  @Override
  public void lost(IOException cause) {
    log.announce();
    onLost.accept(cause);
  }
}
