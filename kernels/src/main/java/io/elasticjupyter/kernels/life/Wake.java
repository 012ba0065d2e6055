// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.SavingMeans;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.hibernation.SnapshotCall;
import io.elasticjupyter.kernels.hibernation.SnapshotReport;
import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a kernel that sleeps gets a process again, and its variables into it. What clients sent is
 * held until then. Whatever fails leaves it asleep with its snapshot, and answers who waited.
 */
final class Wake {

  private static final System.Logger LOG = System.getLogger(Wake.class.getName());

  /** A process that ends while it is given the variables may have been unlucky once. */
  private static final int MOST_TRIES = 2;

  private final KernelIdentity identity;
  private final KernelParts parts;
  private final KernelRules rules;
  private final Conversation conversation;
  private final LifeCourse course;
  private final Launching launching;
  private final Death death;
  private final SnapshotKeeping keeping;
  private final HelperTalk talk;
  private final WholeProcess whole;
  private final SnapshotRequests requests;
  private Instant wantedAt;
  private int tries;

  /** What the kernel wakes from, where the newest cannot be read; null where it is the newest. */
  private @Nullable Snapshot older;

  /** The generation in whose place the kernel's user was told that an older one is taken. */
  private int offeredFor = -1;

  /** The start that brings the process back from its image; below none where there is none. */
  private int bringingBack = -1;

  /** Why the process could not be brought back, where that was tried; else null. */
  private @Nullable String withoutProcess;

  /** What the helper was asked last. */
  private long question;

  Wake(
      KernelIdentity identity,
      KernelParts parts,
      KernelRules rules,
      Conversation conversation,
      LifeCourse course,
      Launching launching,
      Death death,
      SnapshotKeeping keeping,
      HelperTalk talk,
      WholeProcess whole) {
    this.whole = whole;
    this.identity = identity;
    this.parts = parts;
    this.rules = rules;
    this.requests = new SnapshotRequests(identity, parts, rules);
    this.conversation = conversation;
    this.course = course;
    this.launching = launching;
    this.death = death;
    this.keeping = keeping;
    this.talk = talk;
    this.wantedAt = identity.startedAt();
  }

  /** Begins, where the kernel sleeps. */
  void begin() {
    switch (course.state()) {
      case LifeState.Hibernated hibernated -> {
        wantedAt = course.now();
        tries = 1;
        // A try before that came to nothing says nothing of this one.
        older = null;
        withoutProcess = null;
        launch(hibernated.snapshot().generation());
      }
      case LifeState.Forgotten forgotten -> {
        conversation.failHeld("KernelNotWoken", forgotten.why());
        conversation.sleep();
      }
      case LifeState.Starting _,
          LifeState.Running _,
          LifeState.Hibernating _,
          LifeState.Waking _,
          LifeState.Restarting _,
          LifeState.Dead _,
          LifeState.Ending _ -> {}
    }
  }

  private void launch(int generation) {
    if (whole.has(generation)) {
      bringingBack =
          launching.bringBack(whole.images(), generation, rules.hibernation().saveTimeout());
    } else {
      launching.launch();
    }
  }

  /** Whether what starts now is the process that was kept. */
  boolean isBringingBack() {
    return course.isCurrent(bringingBack);
  }

  /** Its process is there again. */
  void broughtBack(KernelProcess process) {
    launching.broughtBack(process);
  }

  /** Its process is not there again, or does not answer: a new one gets the variables. */
  void notBroughtBack(String why) throws InterruptedException {
    if (!(course.state() instanceof LifeState.Starting starting)) {
      return;
    }
    launching.cancel();
    Optional<Snapshot> snapshot = course.asleep();
    LOG.log(
        Level.WARNING,
        "event=process-not-brought-back kernel={0} action=variables-alone reason={1}",
        course.id(),
        why);
    if (starting.process() != null) {
      conversation.orderlyEnd().giveBack(starting.process(), () -> {});
    }
    snapshot.ifPresent(each -> whole.remove(each.generation()));
    withoutProcess = why;
    launching.launch();
  }

  /** Its new process answers. */
  void restore(KernelProcess process, KernelLink link, Snapshot newest)
      throws InterruptedException {
    Snapshot snapshot = older == null ? newest : older;
    launching.isAnswered();
    if (isBringingBack()) {
      awakeWhole(process, link, snapshot);
      return;
    }
    LifeState.Waking waking = new LifeState.Waking(process, link, snapshot);
    course.become(waking);
    try {
      SavingMeans means = SavingMeans.of(identity.spec()).orElseGet(SavingMeans.Injected::new);
      SnapshotCall call = requests.restore(means, snapshot);
      question =
          talk.ask(link, call, rules.hibernation().saveTimeout(), () -> {}, course.attempt());
    } catch (IOException e) {
      broke(waking, "What was saved cannot be reached: " + e);
    }
  }

  /** The helper answered while the kernel was waking. */
  void answered(LifeState.Waking waking, LifeEvent.HelperAnswered event)
      throws InterruptedException {
    if (event.question() != question) {
      return;
    }
    switch (event.answer()) {
      case HelperAnswer.Restored restored -> awake(waking, restored);
      case HelperAnswer.Failed failed when failed.lacksSnapshot() ->
          lacksSnapshot(waking, failed.message());
      case HelperAnswer.Failed failed -> broke(waking, failed.message());
      case HelperAnswer.Saved _, HelperAnswer.Cancelled _, HelperAnswer.Probed _ ->
          broke(waking, "The helper answered another question.");
    }
  }

  /**
   * What was saved cannot be read. An older state is offered where there is one, and taken only
   * when the kernel is wanted once more: the newest may come back, and who runs cells on what is
   * older shall know it.
   */
  private void lacksSnapshot(LifeState.Waking waking, String why) throws InterruptedException {
    Optional<Snapshot> newest = course.asleep();
    Optional<Snapshot> before = course.olderSnapshot();
    end(waking);
    if (newest.isEmpty() || before.isEmpty() || older != null) {
      older = null;
      death.sleepOn(newest.orElse(waking.snapshot()), why, SleepSentences.snapshotGone(why));
    } else if (offeredFor == newest.get().generation()) {
      LOG.log(
          Level.WARNING,
          "event=older-snapshot-taken kernel={0} generation={1} instead-of={2} reason={3}",
          course.id(),
          before.get().generation(),
          newest.get().generation(),
          why);
      older = before.get();
      launching.launch();
    } else {
      offeredFor = newest.get().generation();
      death.sleepOn(
          newest.get(), why, SleepSentences.olderOffered(why, newest.get(), before.get()));
    }
  }

  private void awake(LifeState.Waking waking, HelperAnswer.Restored restored) {
    Optional<Snapshot> unreadable = older == null ? Optional.empty() : course.asleep();
    Snapshot from = waking.snapshot();
    Duration slept = Duration.between(from.savedAt(), wantedAt);
    Duration took = Duration.between(wantedAt, course.now());
    String told;
    if (unreadable.isPresent()) {
      told = SleepSentences.wokeFromOlder(unreadable.get(), from, restored.report());
    } else if (withoutProcess != null) {
      told = SleepSentences.wokeWithoutProcess(slept, took, withoutProcess, restored.report());
    } else {
      told = SleepSentences.woke(slept, took, restored.report());
    }
    older = null;
    isAwake(from, restored.report(), took, told);
    launching.run(waking.process(), waking.link());
  }

  /** The process itself is there again, with everything that it held. */
  private void awakeWhole(KernelProcess process, KernelLink link, Snapshot from) {
    // What it does from now on its image does not know.
    whole.remove(from.generation());
    Duration took = Duration.between(wantedAt, course.now());
    isAwake(
        from,
        from.report(),
        took,
        SleepSentences.wokeWhole(Duration.between(from.savedAt(), wantedAt), took, from.report()));
    launching.run(process, link);
  }

  private void isAwake(Snapshot from, SnapshotReport report, Duration took, String told) {
    course.isAwake(from);
    keeping.count(false);
    parts.provisioner().unpin(identity.launchRequest());
    parts.provisioner().account(identity.launchRequest(), course.held());
    conversation.announcer().notice(told);
    parts.monitor().woken(identity.spec().name(), took);
    LOG.log(
        Level.INFO,
        "event=kernel-woke kernel={0} generation={1} kept={2} lost={3} millis={4,number,#}",
        course.id(),
        from.generation(),
        report.kept(),
        report.lost().size(),
        took.toMillis());
    conversation.activity().touch(course.now());
  }

  /** Its process ended, or the connection to it, before it had its variables. */
  void lost(LifeState.Waking waking, String why) throws InterruptedException {
    if (tries >= MOST_TRIES) {
      broke(waking, why);
      return;
    }
    tries++;
    LOG.log(Level.WARNING, "event=wake-again kernel={0} reason={1}", course.id(), why);
    end(waking);
    launching.launch();
  }

  private void broke(LifeState.Waking waking, String why) throws InterruptedException {
    older = null;
    end(waking);
    death.die(why);
  }

  private void end(LifeState.Waking waking) throws InterruptedException {
    int _ = course.nextAttempt();
    waking.link().close();
    conversation.orderlyEnd().giveBack(waking.process(), () -> {});
  }
}
