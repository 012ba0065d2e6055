// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.Attachment;
import io.elasticjupyter.kernels.Delivery.EndReason;
import io.elasticjupyter.kernels.audience.Audience;
import io.elasticjupyter.kernels.link.FollowedOutput;
import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.kernels.log.OutputLog;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.MessageHeader;
import io.elasticjupyter.wire.message.Messages;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel and its clients say to each other: requests on their way in, the log on the way
 * out. It outlives processes and connections of the kernel. Safe for any thread.
 */
final class Conversation {

  private static final System.Logger LOG = System.getLogger(Conversation.class.getName());

  private final KernelIdentity identity;
  private final KernelParts parts;
  private final OutputLog log;
  private final Requests requests;
  private final Activity activity;
  private final Messages messages;
  private final Announcer announcer;
  private final StandIn standIn;
  private final Questions questions = new Questions();
  private final Audience audience;
  private final Gates gates;
  private final ConversationMemory memory;
  private final AtomicReference<@Nullable FollowedOutput> followed = new AtomicReference<>();
  private final AtomicReference<@Nullable String> lastOutput = new AtomicReference<>();
  private Runnable onShutdownRequest = () -> {};

  Conversation(KernelIdentity identity, KernelParts parts) {
    this.identity = identity;
    this.parts = parts;
    this.log = new OutputLog(identity.folder().log(), parts.settings().log(), parts.logMemory());
    RequestJournal journal = new RequestJournal(identity.folder().journal());
    this.requests = new Requests(journal);
    this.activity = new Activity(identity.startedAt());
    this.messages =
        new Messages(parts.ids(), parts.clock(), identity.zmqIdentity(), "elastic-jupyter");
    this.announcer = new Announcer(log, messages, requests);
    this.standIn = new StandIn(log, messages);
    this.audience =
        new Audience(log, parts.settings().audience(), parts.clock(), parts.ids(), parts.present());
    this.gates =
        new Gates(new Gate.Limits(parts.settings().heldMessages(), parts.settings().heldBytes()));
    this.memory =
        new ConversationMemory(identity, log, journal, requests, audience, activity, gates);
  }

  /** Calls back when a client asks the kernel itself to end. */
  void onShutdownRequest(Runnable callback) {
    onShutdownRequest = callback;
  }

  /**
   * Takes over what an earlier run of the gateway left.
   *
   * @param output what the kernel has said since; empty where nobody listened
   */
  void recall(Optional<FollowedOutput> output) throws IOException {
    List<Request> running = memory.recall();
    followed.set(output.orElse(null));
    if (output.isEmpty()) {
      running.forEach(announcer::interrupted);
    }
  }

  /** What the kernel says while no connection is there; once. */
  Optional<FollowedOutput> takeFollowed() {
    return Optional.ofNullable(followed.getAndSet(null));
  }

  /** What of this outlives the gateway. */
  ConversationMemory memory() {
    return memory;
  }

  OutputLog log() {
    return log;
  }

  /** The id of the last message that the kernel published and that is in the log; empty: none. */
  Optional<String> lastOutput() {
    return Optional.ofNullable(lastOutput.get());
  }

  Requests requests() {
    return requests;
  }

  Activity activity() {
    return activity;
  }

  Messages messages() {
    return messages;
  }

  Announcer announcer() {
    return announcer;
  }

  StandIn standIn() {
    return standIn;
  }

  Questions questions() {
    return questions;
  }

  OrderlyEnd orderlyEnd() {
    return new OrderlyEnd(parts.settings(), messages);
  }

  Relay relay(Consumer<IOException> onLost) {
    return new Relay(
        log,
        requests,
        questions,
        standIn::learn,
        activity,
        parts.monitor(),
        parts.clock(),
        () -> audience.connections() == 0,
        lastOutput::set,
        onLost,
        () -> announcer.messageTooLarge(parts.settings().maxMessageBytes()));
  }

  int connections() {
    return audience.connections();
  }

  Attachment attach(Optional<String> session) {
    return audience.attach(
        session,
        this::submit,
        (count, bytes) -> {
          parts.monitor().missed(count);
          return announcer.missing(count, bytes);
        });
  }

  private void submit(String session, JupyterMessage message) throws InterruptedException {
    Optional<Gate> gate = gates.find(message.channel());
    if (gate.isEmpty()) {
      parts.monitor().dropped(message.channel(), "channel-is-one-way");
      return;
    }
    MessageHeader header;
    try {
      header = MessageHeader.parse(message.header());
    } catch (MessageException e) {
      parts.monitor().dropped(message.channel(), e.code());
      announcer.notice("A client's message was dropped: " + e.getMessage());
      return;
    }
    if (standIn.sees(session, message, header.msgType())) {
      return;
    }
    activity.touch(parts.clock().instant());
    Optional<Request> request = requestOf(session, message, header);
    request.ifPresent(this::note);
    Gate.Outcome outcome;
    try {
      outcome =
          gate.get().submit(message, () -> request.ifPresent(r -> requests.sent(r.messageId())));
    } catch (InterruptedException e) {
      request.ifPresent(r -> requests.answered(r.messageId()));
      throw e;
    }
    switch (outcome) {
      case Gate.Outcome.Sent _ -> parts.monitor().toKernel(message.channel());
      case Gate.Outcome.Held _ -> {
        request.filter(Request::runsCode).ifPresent(announcer::held);
        if (standIn.isOn()) {
          LOG.log(
              Level.INFO, "event=kernel-wanted kernel={0} by={1}", identity.id(), header.msgType());
          standIn.wake();
        }
      }
      case Gate.Outcome.Full full -> {
        parts.monitor().dropped(message.channel(), "too-many-held");
        request.ifPresent(r -> fail(r, "KernelNotReady", full.why()));
      }
      case Gate.Outcome.Refused refused -> {
        parts.monitor().dropped(message.channel(), "refused");
        request.ifPresent(r -> fail(r, "DeadKernelError", refused.why()));
      }
    }
  }

  /** Comm messages and answers to input() have no reply, so there is nothing to wait for. */
  private static Optional<Request> requestOf(
      String session, JupyterMessage message, MessageHeader header) {
    return header.msgType().endsWith("_request") && message.channel() != Channel.STDIN
        ? Optional.of(
            new Request(
                header.msgId(), session, message.channel(), header.msgType(), message.header()))
        : Optional.empty();
  }

  private void note(Request request) {
    requests.add(request);
    if (request.runsCode()) {
      announcer.noteCell(request.header());
    }
    if (request.messageType().equals("shutdown_request")) {
      onShutdownRequest.run();
    }
  }

  /** Lets what clients send through to the kernel, without waiting until it takes what was held. */
  void open(KernelLink link) {
    standIn.end();
    announcer.waitingIsOver();
    gates.open(link::send, this::noteSent);
  }

  private void noteSent(JupyterMessage message) {
    parts.monitor().toKernel(message.channel());
    try {
      requests.sent(MessageHeader.parse(message.header()).msgId());
    } catch (MessageException e) {
      throw new IllegalStateException("the header was read when the message came in", e);
    }
  }

  /** Holds what clients send from now on. */
  void hold() {
    standIn.end();
    announcer.waitingIsOver();
    gates.shut();
  }

  /** Holds what only the kernel can do, answers the rest in its place, and tells who wants it. */
  void sleep() {
    announcer.waitingIsOver();
    gates.shut();
    standIn.begin();
  }

  /** Waits until nothing is on its way to a kernel whose messages are held. */
  boolean settle(Duration timeout) throws InterruptedException {
    return gates.settle(timeout);
  }

  boolean holdsAny() {
    return gates.holdsAny();
  }

  /** Whether something runs, or was sent and waits. */
  boolean isInUse() {
    return requests.isBusy() || requests.anyOpen() || holdsAny();
  }

  /** Answers what waits for the kernel; what comes next is held again. */
  void failHeld(String errorName, String why) {
    gates.clear().forEach(message -> failHeld(message, errorName, why));
  }

  /** Answers cells that wait for the kernel as interrupted. */
  void abandonHeldCells() {
    for (JupyterMessage message : gates.find(Channel.SHELL).orElseThrow().clear()) {
      failHeld(message, "KeyboardInterrupt", "The cell was waiting for the kernel to start.");
    }
  }

  /** Refuses what clients send from now on, and answers what waited and what was in flight. */
  void refuse(String why, String errorName) {
    standIn.end();
    List<JupyterMessage> held = gates.refuse(why);
    failSent(errorName, why);
    held.forEach(message -> failHeld(message, errorName, why));
  }

  private void failHeld(JupyterMessage message, String errorName, String why) {
    try {
      requests
          .find(MessageHeader.parse(message.header()).msgId())
          .ifPresent(request -> fail(request, errorName, why));
    } catch (MessageException e) {
      throw new IllegalStateException("the header was read when the message came in", e);
    }
  }

  /** Answers what the kernel was sent and will not answer any more. */
  void failSent(String errorName, String why) {
    for (Request request : requests.takeSent(every -> true)) {
      announcer.fail(request, errorName, why);
    }
  }

  /**
   * Answers what was in flight while there was no connection and nobody will answer any more: as
   * the kernel would have, where it has published how it ended.
   */
  void failLost() {
    for (Requests.Lost lost : requests.takeRecalled()) {
      if (lost.outcome().idle()) {
        announcer.reply(lost.request(), lost.outcome());
      } else {
        announcer.fail(
            lost.request(),
            "ReplyLost",
            "The gateway was not connected to the kernel when this ended, so its reply and what it"
                + " printed then are lost. What it did to the kernel's variables is there.");
      }
    }
  }

  private void fail(Request request, String errorName, String why) {
    requests.answered(request.messageId());
    announcer.fail(request, errorName, why);
  }

  void end(EndReason reason) {
    audience.end(reason);
  }

  /** Waits until no client is attached; false where the time was over first. */
  boolean awaitNobody(Duration timeout) throws InterruptedException {
    return audience.awaitNobody(timeout);
  }

  /** Forgets clients that went away long ago. Called from a timer. */
  void forgetExpired() {
    audience.forgetExpired();
  }
}
