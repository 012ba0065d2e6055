// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.HelperCall;
import io.elasticjupyter.kernels.hibernation.SavingMeans;
import io.elasticjupyter.kernels.hibernation.SnapshotCall;
import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.MessageHeader;
import io.elasticjupyter.wire.message.Messages;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Calls the helper inside a kernel, beside the kernel's own thread. An answer comes as an event,
 * also where there is none in time.
 */
final class HelperTalk {

  private static final System.Logger LOG = System.getLogger(HelperTalk.class.getName());

  /** How long after its reply a kernel may publish what it printed before. */
  private static final Duration OUTPUT = Duration.ofSeconds(5);

  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

  private static final Duration HANDOVER = Duration.ofSeconds(2);

  private final Messages messages;
  private final Questions questions;
  private final Consumer<LifeEvent> events;

  /** How many questions there were; by the kernel's own thread. */
  private long asked;

  HelperTalk(Messages messages, Questions questions, Consumer<LifeEvent> events) {
    this.messages = messages;
    this.questions = questions;
    this.events = events;
  }

  /**
   * Asks, and waits for an answer of that start of the kernel.
   *
   * @param interrupt lets go of a kernel that does not answer; it is given some seconds for that
   * @return the number of this question, which its answer has as well
   */
  long ask(KernelLink link, SnapshotCall call, Duration timeout, Runnable interrupt, int attempt) {
    long question = ++asked;
    Thread _ =
        Thread.ofVirtual()
            .name("kernel-helper-call")
            .start(() -> {
              HelperAnswer answer = asked(link, call, timeout, interrupt);
              call.end();
              events.accept(new LifeEvent.HelperAnswered(attempt, question, answer));
            });
    return question;
  }

  private HelperAnswer asked(
      KernelLink link, SnapshotCall call, Duration timeout, Runnable interrupt) {
    try {
      return call.objection()
          .<HelperAnswer>map(failed -> failed)
          .orElseGet(() -> answer(link, call, timeout, interrupt));
    } catch (RuntimeException e) {
      // Whoever waits for the answer would wait for ever.
      LOG.log(System.Logger.Level.ERROR, "event=helper-call-failed", e);
      return new HelperAnswer.Failed("internal", "The gateway failed; its log says more.");
    }
  }

  /** Calls it and waits for nothing. */
  void tell(KernelLink link, HelperCall call) {
    Thread _ =
        Thread.ofVirtual()
            .name("kernel-helper-call")
            .start(() -> {
              HelperAnswer unheard = answer(link, call, Duration.ofSeconds(5), () -> {});
              LOG.log(System.Logger.Level.DEBUG, "event=helper-told answer={0}", unheard);
            });
  }

  /**
   * Lets the kernel's process end on the spot, whatever it runs, where its language has a helper.
   * Others take the signal, or their time of grace. Returns when that was sent, or a moment later.
   */
  void leave(KernelLink link, Optional<SavingMeans> means) throws InterruptedException {
    if (means.orElse(null) instanceof SavingMeans.Injected) {
      // Whoever asks closes the connection next, and the first call's text takes a while to be
      // made.
      boolean _ =
          Thread.ofVirtual()
              .name("kernel-helper-call")
              .start(() -> send(link, HelperCall.leave()))
              .join(HANDOVER);
    }
  }

  private void send(KernelLink link, HelperCall call) {
    try {
      link.send(
          messages.message(call.channel(), "execute_request", Messages.NO_PARENT, call.content()));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "event=helper-not-told reason={0}", e.toString());
    }
  }

  private HelperAnswer answer(
      KernelLink link, SnapshotCall call, Duration timeout, Runnable interrupt) {
    JupyterMessage request =
        messages.message(call.channel(), "execute_request", Messages.NO_PARENT, call.content());
    String id = idOf(request);
    CompletableFuture<JupyterMessage> reply = new CompletableFuture<>();
    questions.expect(id, reply::complete);
    Printed printed = new Printed();
    if (call.prints()) {
      questions.expectOutput(id, printed::said);
    }
    try {
      link.send(request);
      JupyterMessage answered = answered(reply, timeout, interrupt);
      return call.read(answered, call.prints() ? printed.await(OUTPUT) : "");
    } catch (IOException e) {
      return new HelperAnswer.Failed("no-connection", "The kernel was not reached: " + e);
    } catch (TimeoutException e) {
      return new HelperAnswer.Failed(
          "no-answer",
          "The kernel did not answer within %d seconds.".formatted(timeout.toSeconds()));
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody completes it so", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new HelperAnswer.Failed("no-answer", "The gateway is being stopped.");
    } finally {
      questions.forget(id);
    }
  }

  /** Waits; a kernel that was interrupted has answered by then, or never will. */
  private static JupyterMessage answered(
      CompletableFuture<JupyterMessage> reply, Duration timeout, Runnable interrupt)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      interrupt.run();
      try {
        JupyterMessage late = reply.get(AFTER_INTERRUPT.toMillis(), TimeUnit.MILLISECONDS);
        LOG.log(System.Logger.Level.DEBUG, "event=interrupted reply={0}", late);
      } catch (TimeoutException still) {
        LOG.log(System.Logger.Level.WARNING, "event=kernel-hangs-while-it-is-saved");
      }
      throw e;
    }
  }

  private static String idOf(JupyterMessage message) {
    try {
      return MessageHeader.parse(message.header()).msgId();
    } catch (MessageException e) {
      throw new IllegalStateException("our own header cannot be read", e);
    }
  }
}
