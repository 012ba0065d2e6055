// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.HelperCall;
import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.hibernation.HibernationSettings.OnLoss;
import io.elasticjupyter.kernels.hibernation.PinnedSleep;
import io.elasticjupyter.kernels.hibernation.SavingMeans;
import io.elasticjupyter.kernels.hibernation.Sizes;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.hibernation.SnapshotCall;
import io.elasticjupyter.kernels.hibernation.SnapshotReport;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage.Allowance;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.ProcessImages;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an idle kernel falls asleep: what clients send is held; the helper is asked what the kernel
 * does, then to save and verify; only then, and only if nobody sent anything meanwhile, the
 * snapshot is pinned on disk and the process ends. It is killed, since an orderly end would run
 * finalisers of objects that live on.
 */
final class Sleep {

  private static final System.Logger LOG = System.getLogger(Sleep.class.getName());

  private static final Duration SETTLE = Duration.ofSeconds(1);
  private static final Duration PROBE = Duration.ofSeconds(10);

  /** How much longer than the helper's own limit its answer is waited for. */
  private static final Duration SLACK = Duration.ofSeconds(20);

  private final KernelIdentity identity;
  private final KernelParts parts;
  private final KernelRules rules;
  private final Conversation conversation;
  private final LifeCourse course;
  private final SnapshotKeeping keeping;
  private final HelperTalk talk;
  private final WholeProcess whole;
  private final SnapshotRequests requests;
  private @Nullable SleepAttempt attempt;

  Sleep(
      KernelIdentity identity,
      KernelParts parts,
      KernelRules rules,
      Conversation conversation,
      LifeCourse course,
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
    this.keeping = keeping;
    this.talk = talk;
  }

  /** Begins, where the kernel runs and does nothing. */
  void begin(LifeEvent.Hibernate wish) throws InterruptedException {
    switch (course.state()) {
      case LifeState.Running running -> {
        Optional<SavingMeans> means = SavingMeans.of(identity.spec());
        if (parts.sleepRoom().isEmpty()) {
          wish.done()
              .accept(
                  new HibernationOutcome.Failed("Kernels of this gateway do not hibernate.", true));
        } else if (means.isEmpty()) {
          wish.done().accept(new HibernationOutcome.Failed(noMeans(), true));
        } else if (conversation.isInUse()) {
          wish.done().accept(new HibernationOutcome.Refused("The kernel runs something."));
        } else {
          begin(wish, running, means.get());
        }
      }
      case LifeState.Hibernated hibernated ->
          wish.done().accept(new HibernationOutcome.Hibernated(hibernated.snapshot()));
      case LifeState.Hibernating _ ->
          wish.done().accept(new HibernationOutcome.Refused("The kernel is being saved already."));
      case LifeState.Forgotten forgotten ->
          wish.done().accept(new HibernationOutcome.Refused(forgotten.why()));
      case LifeState.Starting _,
          LifeState.Restarting _,
          LifeState.Waking _,
          LifeState.Dead _,
          LifeState.Ending _ ->
          wish.done()
              .accept(
                  new HibernationOutcome.Refused(
                      "The kernel does not run: it is starting, or has ended."));
    }
  }

  private String noMeans() {
    return ("The kernelspec %s has no texts that save and restore kernels of its language (%s):"
            + " \"hibernate\" in its metadata.")
        .formatted(identity.spec().name(), identity.spec().language());
  }

  private void begin(LifeEvent.Hibernate wish, LifeState.Running running, SavingMeans means)
      throws InterruptedException {
    Allowance allowed = keeping.allowance(rules.hibernation());
    if (allowed.isNone()) {
      keeping.refused(allowed);
      wish.done().accept(new HibernationOutcome.Failed(allowed.sentence(), false));
      return;
    }
    SleepAttempt current =
        new SleepAttempt(wish.reason(), course.now(), means, allowed, wish.done());
    attempt = current;
    LifeState.Hibernating hibernating =
        new LifeState.Hibernating(running.process(), running.link(), running.since());
    course.become(hibernating);
    conversation.sleep();
    if (!conversation.settle(SETTLE) || conversation.isInUse()) {
      runOn(new HibernationOutcome.Refused("The kernel runs something."));
      return;
    }
    switch (means) {
      case SavingMeans.Injected _ ->
          current.question =
              talk.ask(running.link(), HelperCall.probe(), PROBE, () -> {}, course.attempt());
      // What runs beside its cells nobody can ask.
      case SavingMeans.Texts _ -> save(hibernating, current);
    }
  }

  /** The kernel is needed: a try to fall asleep is given up. */
  void wanted() {
    if (course.state() instanceof LifeState.Hibernating hibernating && attempt != null) {
      attempt.unwanted = true;
      if (attempt.isLeaving()) {
        return;
      }
      switch (attempt.means) {
        case SavingMeans.Injected _ -> talk.tell(hibernating.link(), HelperCall.cancel());
        // To interrupt it could hit what comes behind it. It is short, or limited.
        case SavingMeans.Texts _ -> {}
      }
    }
  }

  /** The helper answered while the kernel was to fall asleep. */
  void answered(LifeState.Hibernating hibernating, LifeEvent.HelperAnswered event)
      throws InterruptedException {
    SleepAttempt current = attempt;
    if (current == null || current.question != event.question()) {
      return;
    }
    HelperAnswer answer = event.answer();
    boolean unwanted = !current.isLeaving() && (current.unwanted || conversation.holdsAny());
    switch (answer) {
      case HelperAnswer.Failed failed -> {
        if (failed.code().equals("too-large")) {
          keeping.refused(current.allowed);
        }
        runOn(
            new HibernationOutcome.Failed(
                SleepSentences.cannotBeSaved(failed, current.allowed), failed.isForGood()));
      }
      case HelperAnswer.Cancelled _ -> runOn(used());
      case HelperAnswer.Probed _ when unwanted -> runOn(used());
      case HelperAnswer.Saved _ when unwanted -> runOn(used());
      case HelperAnswer.Probed probed -> {
        if (probed.busy().isEmpty() || current.isLeaving()) {
          save(hibernating, current);
        } else if (standsStill(current, probed)) {
          current.background = inBackground(probed);
          save(hibernating, current);
        } else {
          runOn(new HibernationOutcome.Refused(inBackground(probed)));
        }
      }
      case HelperAnswer.Saved saved -> saved(hibernating, current, saved);
      case HelperAnswer.Restored _ ->
          runOn(new HibernationOutcome.Failed("The helper answered another question.", false));
    }
  }

  /**
   * Whether what runs beside its cells goes on where it was, with the whole process. The idle rule
   * lets it work; who asks for the kernel's sleep means that, too.
   */
  private boolean standsStill(SleepAttempt current, HelperAnswer.Probed probed) {
    return current.reason instanceof SleepReason.Asked
        && whole.isKept(current.reason)
        && probed.isWithinProcess();
  }

  private static String inBackground(HelperAnswer.Probed probed) {
    return "The kernel works in the background: " + String.join(", ", probed.busy()) + ".";
  }

  private static HibernationOutcome used() {
    return new HibernationOutcome.Refused("Somebody used the kernel while it was being saved.");
  }

  private void save(LifeState.Hibernating hibernating, SleepAttempt current) {
    current.generation = course.nextGeneration();
    course.note(hibernating.process().record(), true);
    SnapshotCall call;
    try {
      call =
          requests.save(
              current.means, current.generation, current.allowed.bytes(), course.lastSnapshot());
    } catch (IOException e) {
      runOn(
          new HibernationOutcome.Failed("There is no place for what would be saved: " + e, false));
      return;
    }
    current.question =
        switch (current.means) {
          // The helper keeps to its limit by itself.
          case SavingMeans.Injected _ ->
              talk.ask(
                  hibernating.link(),
                  call,
                  rules.hibernation().saveTimeout().plus(SLACK),
                  () -> {},
                  course.attempt());
          case SavingMeans.Texts _ ->
              talk.ask(
                  hibernating.link(),
                  call,
                  rules.hibernation().saveTimeout(),
                  () -> interrupt(hibernating),
                  course.attempt());
        };
  }

  /** Lets go of a text of the kernelspec that does not come to its end. By any thread. */
  private void interrupt(LifeState.Hibernating hibernating) {
    try {
      Interrupt.send(identity.spec().interruptMode(), hibernating, conversation.messages());
    } catch (KernelFailure e) {
      LOG.log(
          Level.WARNING, "event=save-not-interrupted kernel={0} reason={1}", course.id(), e.code());
    }
  }

  /** Its variables are safe; where the whole process can be kept, that comes first. */
  private void saved(
      LifeState.Hibernating hibernating, SleepAttempt current, HelperAnswer.Saved saved)
      throws InterruptedException {
    if (!whole.isKept(current.reason)) {
      fallAsleep(hibernating, current, saved);
      return;
    }
    current.saved = saved;
    whole.take(
        hibernating.process(),
        current.generation,
        current.allowed.bytes() - saved.report().bytes(),
        rules.hibernation().saveTimeout(),
        course.attempt());
  }

  /** The image of its process was written while it was to fall asleep, or was not. */
  void imageTaken(LifeState.Hibernating hibernating, LifeEvent.ImageTaken event)
      throws InterruptedException {
    SleepAttempt current = attempt;
    if (current == null || current.saved == null || current.generation != event.generation()) {
      event.process().resume();
      return;
    }
    current.image = event.taken();
    boolean harmed = event.taken() instanceof TakenImage.Refused refused && refused.harmed();
    if (!harmed && (current.unwanted || conversation.holdsAny())) {
      runOn(used());
    } else if (event.taken() instanceof TakenImage.Refused(String why, boolean _)
        && !harmed
        && !current.background.isEmpty()) {
      runOn(
          new HibernationOutcome.Refused(
              "%s Its process cannot be kept with that: %s".formatted(current.background, why)));
    } else {
      fallAsleep(hibernating, current, current.saved);
    }
  }

  private void fallAsleep(
      LifeState.Hibernating hibernating, SleepAttempt current, HelperAnswer.Saved saved)
      throws InterruptedException {
    SnapshotReport report =
        current.image instanceof TakenImage.Written(ProcessImages.Taken taken)
            ? saved.report().ofWholeProcess(taken.cut())
            : saved.report();
    if (rules.hibernation().onLoss() == OnLoss.KEEP_RUNNING
        && !current.isLeaving()
        && !report.lost().isEmpty()) {
      runOn(
          new HibernationOutcome.Failed(
              "It runs on, since it would lose "
                  + report.lost().getFirst().sentence()
                  + (report.lost().size() > 1
                      ? " and %d more.".formatted(report.lost().size() - 1)
                      : "."),
              false));
      return;
    }
    Snapshot snapshot = new Snapshot(current.generation, saved.digest(), course.now(), report);
    ObjectNode kernelInfo = conversation.standIn().kernelInfo();
    KernelProcess process = hibernating.process();
    Optional<Snapshot> before = course.lastSnapshot();
    Optional<Allowance> against = keeping.admit(snapshot, current.imageBytes());
    if (against.isPresent()) {
      keeping.refused(against.get());
      keeping.giveUp(before);
      runOn(
          new HibernationOutcome.Failed(
              "Its variables (%s) are more than may be saved here. %s"
                  .formatted(Sizes.words(report.bytes()), against.get().sentence()),
              false));
      return;
    }
    try {
      parts.provisioner().pin(identity.launchRequest(), new PinnedSleep(snapshot, kernelInfo));
    } catch (KernelFailure e) {
      // It may have been noted all the same, where only the answer was lost.
      parts.provisioner().unpin(identity.launchRequest());
      keeping.count(false);
      runOn(new HibernationOutcome.Failed(String.valueOf(e.getMessage()), false));
      return;
    }
    // The commit: from here on the snapshot counts, and the process only has to go.
    course.sleepsIn(snapshot, kernelInfo);
    course.note(process.record(), true);
    int _ = course.nextAttempt();
    conversation
        .orderlyEnd()
        .giveBack(process, () -> talk.leave(hibernating.link(), Optional.of(current.means)));
    if (!keeping.keep(snapshot, before)) {
      course.dropsOlder();
    }
    parts.provisioner().account(identity.launchRequest(), course.held());
    hibernating.link().awaitDrained(KernelLife.DRAIN);
    hibernating.link().close();
    course.become(new LifeState.Hibernated(snapshot, null));
    course.note(null, true);
    conversation
        .announcer()
        .notice(
            SleepSentences.fellAsleep(
                current.reason, snapshot, current.image instanceof TakenImage.Written));
    Duration took = Duration.between(current.begun, course.now());
    parts.monitor().hibernated(identity.spec().name(), took, report.bytes());
    LOG.log(
        Level.INFO,
        "event=kernel-hibernates kernel={0} generation={1} bytes={2,number,#} written={3,number,#} image={7,number,#} kept={4} lost={5} millis={6,number,#}",
        course.id(),
        snapshot.generation(),
        report.bytes(),
        report.written(),
        report.kept(),
        report.lost().size(),
        took.toMillis(),
        current.imageBytes());
    end(new HibernationOutcome.Hibernated(snapshot));
    if (conversation.holdsAny()) {
      // What came while there was no way back any more.
      conversation.standIn().wake();
    }
  }

  /** Goes on with the process; what was held goes to it. */
  private void runOn(HibernationOutcome outcome) {
    if (attempt != null
        && attempt.image instanceof TakenImage.Written
        && course.state() instanceof LifeState.Hibernating hibernating) {
      whole.remove(attempt.generation);
      hibernating.process().resume();
    }
    if (attempt != null && attempt.generation > 0) {
      switch (attempt.means) {
        // It has removed what is good for nothing; the next save takes up the rest.
        case SavingMeans.Injected _ -> {}
        case SavingMeans.Texts _ -> keeping.giveUp(course.lastSnapshot());
      }
    }
    if (course.state() instanceof LifeState.Hibernating hibernating) {
      course.become(
          new LifeState.Running(
              hibernating.process(), hibernating.link(), hibernating.runningSince()));
      conversation.open(hibernating.link());
    }
    LOG.log(Level.INFO, "event=kernel-runs-on kernel={0} outcome={1}", course.id(), outcome);
    end(outcome);
  }

  /** Whatever happened to the kernel: whoever waits for its sleep waits no longer in vain. */
  void settleAfterEvent() {
    if (attempt != null && !(course.state() instanceof LifeState.Hibernating)) {
      end(new HibernationOutcome.Refused("The kernel ended, or was restarted, meanwhile."));
    }
  }

  private void end(HibernationOutcome outcome) {
    SleepAttempt ended = attempt;
    attempt = null;
    if (ended != null) {
      ended.done.accept(outcome);
    }
  }
}
