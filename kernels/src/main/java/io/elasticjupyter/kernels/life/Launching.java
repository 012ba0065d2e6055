// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.ProcessImages;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts a kernel's process, and waits beside the kernel's own thread until it answers. */
final class Launching {

  private static final System.Logger LOG = System.getLogger(Launching.class.getName());

  private static final Duration CANCEL = Duration.ofSeconds(5);

  private final KernelIdentity identity;
  private final KernelParts parts;
  private final Conversation conversation;
  private final LifeCourse course;
  private final Death death;
  private final Consumer<LifeEvent> events;
  private Instant launchedAt;
  private @Nullable Thread starter;

  /**
   * @param events takes what becomes of it, from any thread
   */
  Launching(
      KernelIdentity identity,
      KernelParts parts,
      Conversation conversation,
      LifeCourse course,
      Death death,
      Consumer<LifeEvent> events) {
    this.identity = identity;
    this.parts = parts;
    this.conversation = conversation;
    this.course = course;
    this.death = death;
    this.events = events;
    this.launchedAt = identity.startedAt();
  }

  void launch() {
    int attempt = begin();
    try {
      begun(
          parts.provisioner().launch(identity.launchRequest()),
          attempt,
          Approach.AWAIT_FIRST_ANSWER);
    } catch (KernelFailure e) {
      death.die(String.valueOf(e.getMessage()));
    }
  }

  private int begin() {
    int attempt = course.nextAttempt();
    launchedAt = course.now();
    conversation.requests().clearBusy();
    course.become(new LifeState.Starting(null, null, false));
    // Before the launch: a gateway that is killed right behind it looks for a process that is not
    // noted yet only where none is noted.
    course.note(null, false);
    return attempt;
  }

  private void begun(KernelProcess process, int attempt, Approach approach) {
    watch(process, attempt);
    course.become(new LifeState.Starting(process, null, false));
    course.note(process.record(), false);
    connect(process, approach);
  }

  /**
   * Brings the process back from its image instead, beside the kernel's own thread: what it holds
   * has to be read first.
   *
   * @return the start, which what becomes of it, an event, belongs to
   */
  int bringBack(ProcessImages images, int generation, Duration timeout) {
    int attempt = begin();
    starter =
        Thread.ofVirtual()
            .name("kernel-brought-back-" + identity.id())
            .start(() -> bringBack(images, generation, timeout, attempt));
    return attempt;
  }

  private void bringBack(ProcessImages images, int generation, Duration timeout, int attempt) {
    try {
      KernelProcess process = images.bringBack(identity.launchRequest(), generation, timeout);
      events.accept(new LifeEvent.BroughtBack(attempt, process));
    } catch (KernelFailure.ImageFailed e) {
      events.accept(new LifeEvent.NotBroughtBack(attempt, String.valueOf(e.getMessage())));
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Without the event the kernel would be starting for ever.
      LOG.log(Level.ERROR, "event=image-failed kernel=" + identity.id(), e);
      events.accept(
          new LifeEvent.NotBroughtBack(attempt, "the gateway failed; its log says more."));
    }
  }

  /** Goes on with the process that was brought back. */
  void broughtBack(KernelProcess process) {
    begun(process, course.attempt(), Approach.AWAIT_BROUGHT_BACK);
  }

  /** Goes on with a process that an earlier run of the gateway started. */
  void takeUp(KernelProcess process, boolean answered) {
    watch(process, course.nextAttempt());
    course.become(
        new LifeState.Starting(process, "The gateway was restarted and reconnects.", answered));
    connect(process, answered ? Approach.RECONNECT : Approach.AWAIT_FIRST_ANSWER);
  }

  /** Goes on with a process whose connection was lost. */
  void reconnect(KernelProcess process) {
    course.become(new LifeState.Starting(process, "The connection to the kernel was lost.", true));
    connect(process, Approach.RECONNECT);
  }

  private void watch(KernelProcess process, int attempt) {
    CompletableFuture<Void> told =
        process.exited().thenAccept(report -> events.accept(new LifeEvent.Exited(attempt, report)));
    LOG.log(Level.DEBUG, "event=watching kernel={0} gone={1}", course.id(), told.isDone());
  }

  private void connect(KernelProcess process, Approach approach) {
    starter =
        new Connecting(identity, parts, conversation, process, approach, course.attempt(), events)
            .start();
  }

  /** It takes longer than usual. */
  void stillWaiting(String stage) {
    if (course.state() instanceof LifeState.Starting starting) {
      String sentence =
          (starting.again() ? "The kernel is not reached: " : "The kernel is still starting: ")
              + stage;
      course.become(new LifeState.Starting(starting.process(), sentence, starting.again()));
      conversation.announcer().waiting(sentence + ". What you run is held for it.");
    }
  }

  /**
   * The kernel answers.
   *
   * @return false where the link was lost before it was of use: that event came when there was
   *     nothing to lose yet
   */
  boolean answered(KernelProcess process, KernelLink link) {
    isAnswered();
    if (!run(process, link)) {
      return false;
    }
    parts.monitor().started(identity.spec().name(), Duration.between(launchedAt, course.now()));
    LOG.log(
        Level.INFO,
        "event=kernel-answers kernel={0} spec={1}",
        course.id(),
        identity.spec().name());
    return true;
  }

  /** Takes in that what runs beside has found the kernel. */
  void isAnswered() {
    starter = null;
  }

  /** Lets a kernel that answers run what clients send; false where its link was lost already. */
  boolean run(KernelProcess process, KernelLink link) {
    course.become(new LifeState.Running(process, link, course.now()));
    course.note(process.record(), true);
    conversation.open(link);
    return !link.isOver();
  }

  /** Waits for an answer no more. */
  void cancel() {
    Thread running = starter;
    starter = null;
    if (running != null) {
      running.interrupt();
      try {
        running.join(CANCEL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
