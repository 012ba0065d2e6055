// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.Delivery.EndReason;
import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.hibernation.SavingMeans;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What somebody wants to end: the process for a restart, the kernel, the gateway's hold of it. */
final class AskedEnds {

  private static final System.Logger LOG = System.getLogger(AskedEnds.class.getName());

  /** A client that was told to come back answers at once; what it has is known only then. */
  private static final Duration CLIENTS_LEAVE = Duration.ofMillis(1_500);

  private final KernelIdentity identity;
  private final KernelParts parts;
  private final Conversation conversation;
  private final LifeCourse course;
  private final Launching launching;
  private final SnapshotKeeping keeping;
  private final HelperTalk talk;

  AskedEnds(
      KernelIdentity identity,
      KernelParts parts,
      Conversation conversation,
      LifeCourse course,
      Launching launching,
      SnapshotKeeping keeping,
      HelperTalk talk) {
    this.identity = identity;
    this.parts = parts;
    this.conversation = conversation;
    this.course = course;
    this.launching = launching;
    this.keeping = keeping;
    this.talk = talk;
  }

  /** Ends the process as its user asked, who gets another one. */
  void restart() throws InterruptedException {
    LifeState before = course.state();
    course.become(new LifeState.Restarting("The kernel is restarted as its user asked."));
    // Who restarts a kernel wants it without its variables, saved ones too.
    boolean slept = course.asleep().isPresent();
    course.forgets();
    conversation.hold();
    // Not told as status "restarting": to JupyterLab that word means a crash, and it gives up
    // cells.
    endProcess(before, true);
    keeping.removeAll(false);
    conversation.failSent(
        "KernelRestarted", "The kernel was restarted; the cell was not finished.");
    launching.launch();
    if (slept) {
      parts.provisioner().unpin(identity.launchRequest());
    }
  }

  /**
   * Ends the kernel for good, with its files.
   *
   * @param announced whether clients are told why in words
   */
  void end(String why, boolean announced) throws InterruptedException {
    LifeState before = course.state();
    boolean isInUse = conversation.isInUse();
    if (announced) {
      conversation.announcer().notice(why);
    }
    course.become(new LifeState.Ending());
    course.noteEnding(processOf(before));
    conversation.refuse(why, "KernelEnded");
    conversation.announcer().status(ExecutionState.DEAD);
    conversation.end(EndReason.KERNEL_DELETED);
    if (parts.provisioner().forgettingEnds()) {
      askToEnd(before, isInUse);
    } else {
      endProcess(before, false);
    }
    parts.provisioner().forget(identity.launchRequest());
    course.nextAttempt();
    conversation.memory().discard();
    keeping.forget();
    parts.sleepRoom().ifPresent(room -> room.place().forget(identity.folder().path()));
    try {
      identity.folder().delete();
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "event=kernel-files-left kernel={0} reason={1}",
          course.id(),
          e.toString());
    }
    LOG.log(Level.INFO, "event=kernel-ended kernel={0} reason={1}", course.id(), why);
  }

  /** Ends the process of a kernel that was in that state, in order. */
  void endProcess(LifeState before, boolean restart) throws InterruptedException {
    launching.cancel();
    course.nextAttempt();
    switch (before) {
      case LifeState.Connected connected -> {
        conversation.orderlyEnd().end(connected.process(), connected.link(), restart);
        connected.link().awaitDrained(KernelLife.DRAIN);
        connected.link().close();
      }
      case LifeState.Starting starting -> {
        if (starting.process() != null) {
          conversation.orderlyEnd().end(starting.process(), null, restart);
        }
      }
      case LifeState.Restarting _,
          LifeState.Hibernated _,
          LifeState.Forgotten _,
          LifeState.Dead _,
          LifeState.Ending _ -> {}
    }
  }

  /** Of a kernel whose process goes with what stands for it. */
  private void askToEnd(LifeState before, boolean isInUse) throws InterruptedException {
    launching.cancel();
    course.nextAttempt();
    if (before instanceof LifeState.Connected connected) {
      if (isInUse) {
        // It would not hear before its cell has ended, and hold its Pod as long.
        talk.leave(connected.link(), SavingMeans.of(identity.spec()));
      } else {
        conversation.orderlyEnd().ask(connected.link());
      }
      connected.link().close();
    }
  }

  /** Lets go of a kernel that goes on, for the gateway's own stop. */
  void detach(Runnable beforeFilesClose) throws InterruptedException {
    launching.cancel();
    course.nextAttempt();
    conversation.end(EndReason.GATEWAY_STOPPING);
    conversation.hold();
    if (course.state() instanceof LifeState.Connected connected) {
      connected.link().close();
      // What was read from the kernel already is nowhere else.
      if (!connected.link().awaitDrained(KernelLife.DRAIN)) {
        LOG.log(Level.WARNING, "event=output-not-drained kernel={0}", course.id());
      }
    }
    if (!conversation.awaitNobody(CLIENTS_LEAVE)) {
      LOG.log(Level.INFO, "event=clients-still-there kernel={0}", course.id());
    }
    beforeFilesClose.run();
    conversation.memory().close();
  }

  private static @Nullable ProcessRecord processOf(LifeState state) {
    return switch (state) {
      case LifeState.Connected connected -> connected.process().record();
      case LifeState.Starting starting ->
          starting.process() == null ? null : starting.process().record();
      case LifeState.Restarting _,
          LifeState.Hibernated _,
          LifeState.Forgotten _,
          LifeState.Dead _,
          LifeState.Ending _ ->
          null;
    };
  }
}
