// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.hibernation.SavingMeans;
import io.elasticjupyter.kernels.provisioner.ExitReport;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A start that fails, a crash, a connection that breaks: what becomes of the kernel. */
final class UnaskedEnds {

  private static final System.Logger LOG = System.getLogger(UnaskedEnds.class.getName());

  private static final Duration GRACE_AFTER_LOST_LINK = Duration.ofMillis(500);
  private static final int MAX_PORT_CLASHES = 3;

  private final KernelIdentity identity;
  private final KernelParts parts;
  private final Conversation conversation;
  private final LifeCourse course;
  private final Launching launching;
  private final Death death;
  private final HelperTalk talk;
  private volatile boolean askedToEnd;
  private int crashes;
  private int portClashes;

  UnaskedEnds(
      KernelIdentity identity,
      KernelParts parts,
      Conversation conversation,
      LifeCourse course,
      Launching launching,
      Death death,
      HelperTalk talk) {
    this.identity = identity;
    this.parts = parts;
    this.conversation = conversation;
    this.course = course;
    this.launching = launching;
    this.death = death;
    this.talk = talk;
    conversation.onShutdownRequest(() -> askedToEnd = true);
  }

  /** A new start begins. */
  private void launchAgain() {
    askedToEnd = false;
    launching.launch();
  }

  /** The kernel answered: what made its starts fail is over. */
  void startedWell() {
    portClashes = 0;
  }

  /** Its user restarted it: what happened before counts no more. */
  void forget() {
    crashes = 0;
    askedToEnd = false;
  }

  void startFailed(String why) throws InterruptedException {
    if (course.state() instanceof LifeState.Starting starting && starting.process() != null) {
      KernelProcess process = starting.process();
      String tail = process.outputTail();
      conversation.orderlyEnd().end(process, null, false);
      death.die(withTail(why, tail));
    } else {
      death.die(why);
    }
  }

  private static String withTail(String why, String tail) {
    return tail.isEmpty() ? why : why + " The end of its output:\n" + tail;
  }

  void exited(ExitReport report) throws InterruptedException {
    switch (course.state()) {
      case LifeState.Starting starting when starting.process() != null -> {
        launching.cancel();
        if (starting.again()) {
          crashed(starting.process(), report);
        } else {
          exitedAtStart(starting.process(), report);
        }
      }
      case LifeState.Connected connected -> {
        if (report.wanted()) {
          // What stood for it is gone, and the process perhaps not yet.
          talk.leave(connected.link(), SavingMeans.of(identity.spec()));
        }
        connected.link().awaitDrained(KernelLife.DRAIN);
        connected.link().close();
        crashed(connected.process(), report);
      }
      case LifeState.Starting _,
          LifeState.Restarting _,
          LifeState.Hibernated _,
          LifeState.Forgotten _,
          LifeState.Dead _,
          LifeState.Ending _ -> {}
    }
  }

  private void exitedAtStart(KernelProcess process, ExitReport report) throws InterruptedException {
    String tail = process.outputTail();
    conversation.orderlyEnd().end(process, null, false);
    if (PortClash.isTold(tail) && portClashes < MAX_PORT_CLASHES) {
      portClashes++;
      LOG.log(Level.INFO, "event=port-clash kernel={0} action=other-ports", course.id());
      launchAgain();
      return;
    }
    String why =
        report
            .why()
            .orElse("The kernel's process %s before it answered.".formatted(report.sentence()));
    death.die(withTail(why, tail));
  }

  private void crashed(KernelProcess process, ExitReport report) throws InterruptedException {
    conversation.orderlyEnd().end(process, null, false);
    String sentence = report.told();
    if (askedToEnd) {
      death.die("A client asked the kernel to end, and it did.");
      return;
    }
    if (report.wanted()) {
      death.die(sentence);
      return;
    }
    crashes = conversation.activity().takeAnsweredCell() ? 1 : crashes + 1;
    boolean again = crashes <= parts.settings().maxRestarts();
    parts.monitor().crashed(identity.spec().name(), again);
    if (!again) {
      death.die(
          "%s It ended %d times in a row and is not started again by itself; restart it to try once more."
              .formatted(sentence, crashes));
      return;
    }
    String notice =
        "%s It is started again (%d of %d); its variables are gone."
            .formatted(sentence, crashes, parts.settings().maxRestarts());
    conversation.hold();
    conversation.announcer().notice(notice);
    conversation.failSent("KernelDied", sentence + " The cell was not finished.");
    course.become(new LifeState.Restarting(notice));
    conversation.announcer().status(ExecutionState.RESTARTING);
    launchAgain();
  }

  /** The process may have ended just now; its exit is told in a moment, and counts. */
  void linkLost(String why) throws InterruptedException {
    switch (course.state()) {
      case LifeState.Connected connected -> {
        conversation.hold();
        connected.link().close();
        KernelProcess process = connected.process();
        if (isGoneSoon(process)) {
          return;
        }
        if (!process.isAlive()) {
          // Of a process that is not the gateway's own child the end is told seconds late.
          crashed(process, new ExitReport(OptionalInt.empty()));
          return;
        }
        LOG.log(Level.WARNING, "event=link-lost kernel={0} reason={1}", course.id(), why);
        conversation.requests().connectionLost();
        launching.reconnect(process);
      }
      case LifeState.Starting _,
          LifeState.Restarting _,
          LifeState.Hibernated _,
          LifeState.Forgotten _,
          LifeState.Dead _,
          LifeState.Ending _ -> {}
    }
  }

  private static boolean isGoneSoon(KernelProcess process) throws InterruptedException {
    try {
      process.exited().get(GRACE_AFTER_LOST_LINK.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for a process", e);
    }
  }
}
