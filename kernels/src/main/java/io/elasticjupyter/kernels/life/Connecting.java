// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.MessageException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Brings up the connection to one process of a kernel, beside the kernel's own thread. */
final class Connecting {

  private static final System.Logger LOG = System.getLogger(Connecting.class.getName());

  private static final Duration RECONNECT_TIMEOUT = Duration.ofSeconds(15);

  /** There is nothing left to load, and its variables wait beside. */
  private static final Duration BROUGHT_BACK_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration RECONNECT_PROBE = Duration.ofSeconds(2);

  /** Replies to the earlier identity come on another socket than the answer that ends the wait. */
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);

  /** Parent id under which a kernel counts as busy until it answers after a reconnect. */
  private static final String UNKNOWN_CELL = "before-the-gateway-restarted";

  private final KernelIdentity identity;
  private final KernelParts parts;
  private final Conversation conversation;
  private final KernelProcess process;
  private final Approach approach;
  private final int attempt;
  private final Consumer<LifeEvent> events;

  Connecting(
      KernelIdentity identity,
      KernelParts parts,
      Conversation conversation,
      KernelProcess process,
      Approach approach,
      int attempt,
      Consumer<LifeEvent> events) {
    this.identity = identity;
    this.parts = parts;
    this.conversation = conversation;
    this.process = process;
    this.approach = approach;
    this.attempt = attempt;
    this.events = events;
  }

  /** Begins; the outcome comes as an event, unless the thread is interrupted. */
  Thread start() {
    return Thread.ofVirtual().name("kernel-connect-" + identity.id()).start(this::run);
  }

  private void run() {
    try {
      process.awaitAddress(stage -> events.accept(new LifeEvent.StillWaiting(attempt, stage)));
      if (process.isAlive()) {
        connect();
      }
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
    }
  }

  private void connect() throws InterruptedException {
    Relay relay =
        conversation.relay(
            cause -> events.accept(new LifeEvent.LinkLost(attempt, cause.toString())));
    KernelStart start =
        new KernelStart(
            process,
            identity.zmqIdentityBytes(),
            parts.settings(),
            conversation.messages(),
            relay,
            conversation::takeFollowed,
            stage -> events.accept(new LifeEvent.StillWaiting(attempt, stage)));
    try {
      switch (approach) {
        case AWAIT_FIRST_ANSWER -> awaitFirstAnswer(start, timeout());
        case AWAIT_BROUGHT_BACK -> awaitFirstAnswer(start, BROUGHT_BACK_TIMEOUT);
        case RECONNECT -> reconnect(start);
      }
    } catch (MessageException e) {
      events.accept(new LifeEvent.StartFailed(attempt, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      // A defect of ours: without the event the kernel would be starting for ever.
      LOG.log(Level.ERROR, "event=connecting-failed kernel=" + identity.id(), e);
      events.accept(
          new LifeEvent.StartFailed(
              attempt, "The gateway failed while it connected to the kernel; its log says more."));
    }
  }

  // In both: where the process is gone, its exit is an event of its own.

  private void awaitFirstAnswer(KernelStart start, Duration timeout)
      throws InterruptedException, MessageException {
    Optional<KernelLink> link = start.await(timeout);
    if (link.isPresent()) {
      events.accept(new LifeEvent.Answered(attempt, link.get()));
    } else if (process.isAlive()) {
      events.accept(
          new LifeEvent.StartFailed(
              attempt,
              "The kernel did not answer within %d seconds and was ended."
                  .formatted(timeout.toSeconds())));
    }
  }

  /** As long as its process lives: it holds the user's variables. */
  private void reconnect(KernelStart start) throws InterruptedException, MessageException {
    while (process.isAlive()) {
      Optional<KernelLink> link = start.reconnect(RECONNECT_TIMEOUT, RECONNECT_PROBE);
      if (link.isPresent()) {
        awaitWhatWasRunning(start, link.get());
        events.accept(new LifeEvent.Answered(attempt, link.get()));
        return;
      }
      if (process.isAlive()) {
        events.accept(
            new LifeEvent.StillWaiting(attempt, "its process runs and takes no connection"));
      }
    }
  }

  /**
   * A kernel handles shell in order: when it answers this, it has answered everything from before,
   * or never will, since a reply to a gateway that is away is dropped by ZeroMQ.
   */
  private void awaitWhatWasRunning(KernelStart start, KernelLink link) {
    Requests requests = conversation.requests();
    requests.noteStatus(UNKNOWN_CELL, true);
    listenForEarlierReplies(start, link);
    start.ask(
        link,
        Channel.SHELL,
        () -> {
          requests.noteStatus(UNKNOWN_CELL, false);
          LATER.execute(() -> {
            link.stopListening();
            conversation.failLost();
          });
        });
  }

  private void listenForEarlierReplies(KernelStart start, KernelLink link) {
    Optional<byte[]> earlier = identity.earlierZmqIdentityBytes();
    if (earlier.isEmpty()) {
      return;
    }
    try {
      start.listenAs(link, earlier.get());
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "event=earlier-replies-unheard kernel={0} reason={1}",
          identity.id(),
          e.toString());
    }
  }

  private Duration timeout() {
    String asked = identity.env().getOrDefault("KERNEL_LAUNCH_TIMEOUT", "");
    try {
      double seconds = Double.parseDouble(asked);
      return seconds > 0 ? Duration.ofMillis((long) (seconds * 1000)) : defaultTimeout();
    } catch (NumberFormatException noneGiven) {
      return defaultTimeout();
    }
  }

  private Duration defaultTimeout() {
    return parts.settings().launchTimeout();
  }
}
