// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.HelperCall;
import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.MessageHeader;
import io.elasticjupyter.wire.message.Messages;
import java.io.IOException;
import java.time.Duration;
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

  private final Messages messages;
  private final Questions questions;
  private final Consumer<LifeEvent> events;

  HelperTalk(Messages messages, Questions questions, Consumer<LifeEvent> events) {
    this.messages = messages;
    this.questions = questions;
    this.events = events;
  }

  /** Calls it to save or to restore, with the right to the snapshots until it has answered. */
  void ask(KernelLink link, SnapshotCall call, Duration timeout, int attempt) {
    ask(link, call.call(), timeout, attempt, call.access()::end);
  }

  /** Calls it and waits for an answer of that start of the kernel. */
  void ask(KernelLink link, HelperCall call, Duration timeout, int attempt) {
    ask(link, call, timeout, attempt, () -> {});
  }

  private void ask(
      KernelLink link, HelperCall call, Duration timeout, int attempt, Runnable whenOver) {
    Thread _ =
        Thread.ofVirtual()
            .name("kernel-helper-call")
            .start(() -> {
              HelperAnswer answer = answer(link, call, timeout);
              whenOver.run();
              events.accept(new LifeEvent.HelperAnswered(attempt, answer));
            });
  }

  /** Calls it and waits for nothing. */
  void tell(KernelLink link, HelperCall call) {
    Thread _ =
        Thread.ofVirtual()
            .name("kernel-helper-call")
            .start(() -> {
              HelperAnswer unheard = answer(link, call, Duration.ofSeconds(5));
              System.getLogger(HelperTalk.class.getName())
                  .log(System.Logger.Level.DEBUG, "event=helper-told answer={0}", unheard);
            });
  }

  private HelperAnswer answer(KernelLink link, HelperCall call, Duration timeout) {
    JupyterMessage request =
        messages.message(call.channel(), "execute_request", Messages.NO_PARENT, call.content());
    String id = idOf(request);
    CompletableFuture<JupyterMessage> reply = new CompletableFuture<>();
    questions.expect(id, reply::complete);
    try {
      link.send(request);
      return HelperAnswer.of(reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
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

  private static String idOf(JupyterMessage message) {
    try {
      return MessageHeader.parse(message.header()).msgId();
    } catch (MessageException e) {
      throw new IllegalStateException("our own header cannot be read", e);
    }
  }
}
