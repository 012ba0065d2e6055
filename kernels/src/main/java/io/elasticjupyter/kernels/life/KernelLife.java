// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.accounting.Ledger;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.store.KernelRecord;
import io.elasticjupyter.kernels.store.SleepRecord;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Moves a kernel from state to state, one event after the other on a thread of its own; nothing
 * else changes the state. What takes long runs beside it and comes back as an event. Each kind of
 * change has a class of its own: {@link Launching}, {@link UnaskedEnds}, {@link AskedEnds}, {@link
 * Sleep}, {@link Wake}.
 */
final class KernelLife {

  private static final System.Logger LOG = System.getLogger(KernelLife.class.getName());

  /** How long what a kernel that ended had sent is read. */
  static final Duration DRAIN = Duration.ofSeconds(2);

  private final KernelIdentity identity;
  private final KernelParts parts;
  private final Conversation conversation;
  private final LifeMailbox mailbox = new LifeMailbox();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final LifeCourse course;
  private final Death death;
  private final Launching launching;
  private final UnaskedEnds unaskedEnds;
  private final AskedEnds askedEnds;
  private final Sleep sleep;
  private final SnapshotAge snapshotAge;
  private final Wake wake;
  private final SnapshotKeeping keeping;

  KernelLife(KernelIdentity identity, KernelParts parts, Conversation conversation) {
    this.identity = identity;
    this.parts = parts;
    this.conversation = conversation;
    this.course = new LifeCourse(identity, parts.clock());
    this.death = new Death(identity, course, conversation);
    this.launching = new Launching(identity, parts, conversation, course, death, mailbox::post);
    HelperTalk talk =
        new HelperTalk(conversation.messages(), conversation.questions(), mailbox::post);
    this.unaskedEnds =
        new UnaskedEnds(identity, parts, conversation, course, launching, death, talk);
    this.keeping = new SnapshotKeeping(identity, parts);
    this.askedEnds = new AskedEnds(identity, parts, conversation, course, launching, keeping, talk);
    KernelRules rules = new KernelRules(identity, parts.settings());
    WholeProcess whole = new WholeProcess(identity, parts, mailbox::post);
    this.sleep = new Sleep(identity, parts, rules, conversation, course, keeping, talk, whole);
    this.snapshotAge = new SnapshotAge(identity, parts, conversation, course, keeping);
    this.wake =
        new Wake(
            identity, parts, rules, conversation, course, launching, death, keeping, talk, whole);
    conversation.standIn().onWish(mailbox::post);
  }

  /** Begins with a kernel that is asked for now and noted on disk already. */
  void begin() {
    course.isNoted(identity.record(null, false, null, false, SleepRecord.NEVER, HeldTime.NOTHING));
    conversation.announcer().status(ExecutionState.STARTING);
    mailbox.post(new LifeEvent.Launch());
    startThread();
  }

  /** Begins with a kernel that an earlier run of the gateway left, with or without its process. */
  void begin(KernelRecord record) {
    recall(record);
    startThread();
  }

  private void recall(KernelRecord record) {
    course.isNoted(record);
    if (record.deadReason() != null) {
      // Its clients were told by the gateway that saw it die.
      death.beDead(record.deadReason());
      return;
    }
    Optional<KernelProcess> process;
    try {
      process = parts.provisioner().adopt(identity.launchRequest(), record.process());
    } catch (KernelFailure e) {
      death.die(String.valueOf(e.getMessage()));
      return;
    }
    Optional<Snapshot> asleep = course.asleep();
    if (asleep.isPresent()) {
      sleepOn(asleep.get(), process);
    } else if (process.isPresent()) {
      countBehind(false);
      // The gateway before may have ended between noting that it sleeps and letting it.
      behind(() -> parts.provisioner().unpin(identity.launchRequest()));
      launching.takeUp(process.get(), record.answered());
    } else if (record.answered()) {
      death.die(
          "The kernel ended while the gateway was not running; its variables are gone."
              + " Restart it to go on.");
    } else {
      mailbox.post(new LifeEvent.Launch());
    }
  }

  /** A process that is there has not got the variables, or was to be ended. */
  private void sleepOn(Snapshot snapshot, Optional<KernelProcess> process) {
    try {
      if (process.isPresent()) {
        conversation.orderlyEnd().giveBack(process.get(), () -> {});
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    course.become(
        course
            .removed()
            .<LifeState>map(why -> new LifeState.Forgotten(snapshot, why, course.now()))
            .orElseGet(() -> new LifeState.Hibernated(snapshot, null)));
    course.note(null, true);
    countBehind(true);
    course.kernelInfo().ifPresent(conversation.standIn()::learn);
    conversation.sleep();
    if (conversation.holdsAny()) {
      // Somebody wanted it before the gateway that had it ended.
      mailbox.post(new LifeEvent.Wanted());
    }
  }

  /** How it is noted now; empty before it first is. From any thread. */
  Optional<KernelRecord> noted() {
    return course.noted();
  }

  /** What is kept may be far away, and a gateway that starts has many kernels. */
  private void countBehind(boolean asleep) {
    behind(() -> keeping.count(asleep));
  }

  private static void behind(Runnable task) {
    Thread _ = Thread.ofVirtual().name("kernel-recalled").start(task);
  }

  private void startThread() {
    Thread.ofVirtual().name("kernel-life-" + identity.id()).start(this::live);
  }

  /** Where the kernel is now. From any thread. */
  LifeState state() {
    return course.state();
  }

  /** How long it held what it is given. From any thread. */
  HeldTime held() {
    return course.held();
  }

  /** Counts the time since it was called last. From any thread. */
  void count(boolean busy) {
    Ledger.Stretch stretch = course.count(busy);
    parts.monitor().held(stretch.use(), stretch.time());
  }

  /** Hands in an event. From any thread. */
  void post(LifeEvent event) {
    mailbox.post(event);
  }

  /** Waits until a kernel that was deleted is gone with its process and its files. */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    return ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  private KernelId id() {
    return identity.id();
  }

  private void live() {
    try {
      while (handleSafely(mailbox.take())) {
        // Until the last event.
      }
      mailbox.discard();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean handleSafely(LifeEvent event) throws InterruptedException {
    try {
      boolean more = handle(event);
      sleep.settleAfterEvent();
      return more;
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "event=kernel-life-failed kernel=" + id(), e);
      String why = "The gateway failed while it handled this kernel; its log says more.";
      LifeState before = course.state();
      course.become(new LifeState.Dead(why, course.now()));
      conversation.refuse(why, "GatewayFailed");
      endSafely(before);
      return true;
    }
  }

  /** A process that nobody would speak to any more shall not stay. */
  private void endSafely(LifeState before) throws InterruptedException {
    try {
      askedEnds.endProcess(before, false);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "event=kernel-process-left kernel=" + id(), e);
    }
  }

  /** Handles one event; false when it was the last. */
  private boolean handle(LifeEvent event) throws InterruptedException {
    return switch (event) {
      case LifeEvent.Launch _ -> {
        launching.launch();
        yield true;
      }
      case LifeEvent.OfOneStart one -> {
        if (course.isCurrent(one.attempt())) {
          handle(one);
        } else {
          letGo(one);
        }
        yield true;
      }
      case LifeEvent.Hibernate wish -> {
        sleep.begin(wish);
        yield true;
      }
      case LifeEvent.Wanted _ -> {
        sleep.wanted();
        wake.begin();
        yield true;
      }
      case LifeEvent.RemoveOldSnapshots old -> {
        snapshotAge.removeOld(old.maxAge());
        yield true;
      }
      case LifeEvent.EndAsked _ -> {
        course.forgets();
        keeping.removeAll(false);
        parts.provisioner().unpin(identity.launchRequest());
        askedEnds.endProcess(course.state(), false);
        death.die("A client asked the kernel to end, and it did.");
        yield true;
      }
      case LifeEvent.Restart _ -> {
        unaskedEnds.forget();
        askedEnds.restart();
        yield true;
      }
      case LifeEvent.Delete delete -> {
        askedEnds.end(delete.why(), delete.announced());
        ended.countDown();
        yield false;
      }
      case LifeEvent.Detach detach -> {
        askedEnds.detach(detach.beforeFilesClose());
        detach.done().countDown();
        yield false;
      }
    };
  }

  /** Leaves nothing behind of what belongs to a start that is over. */
  private static void letGo(LifeEvent.OfOneStart late) {
    switch (late) {
      case LifeEvent.Answered answered -> answered.link().close();
      case LifeEvent.BroughtBack back -> back.process().kill();
      case LifeEvent.ImageTaken image -> image.process().resume();
      case LifeEvent.NotBroughtBack _,
          LifeEvent.StillWaiting _,
          LifeEvent.StartFailed _,
          LifeEvent.Exited _,
          LifeEvent.LinkLost _,
          LifeEvent.HelperAnswered _ -> {}
    }
  }

  private void handle(LifeEvent.OfOneStart event) throws InterruptedException {
    switch (event) {
      case LifeEvent.BroughtBack back -> wake.broughtBack(back.process());
      case LifeEvent.NotBroughtBack not -> wake.notBroughtBack(not.why());
      case LifeEvent.ImageTaken image -> {
        if (course.state() instanceof LifeState.Hibernating hibernating) {
          sleep.imageTaken(hibernating, image);
        } else {
          letGo(image);
        }
      }
      case LifeEvent.StartFailed failed when wake.isBringingBack() ->
          wake.notBroughtBack(failed.why());
      case LifeEvent.Exited exited
          when wake.isBringingBack() && course.state() instanceof LifeState.Starting ->
          wake.notBroughtBack(exited.report().told());
      case LifeEvent.Answered answered -> answered(answered.link());
      case LifeEvent.StillWaiting waiting -> launching.stillWaiting(waiting.stage());
      case LifeEvent.StartFailed failed -> unaskedEnds.startFailed(failed.why());
      case LifeEvent.Exited exited -> {
        if (course.state() instanceof LifeState.Waking waking) {
          wake.lost(waking, exited.report().told());
        } else {
          unaskedEnds.exited(exited.report());
        }
      }
      case LifeEvent.LinkLost lost -> {
        if (course.state() instanceof LifeState.Waking waking) {
          wake.lost(waking, "The connection to the kernel was lost.");
        } else {
          unaskedEnds.linkLost(lost.why());
        }
      }
      case LifeEvent.HelperAnswered helper -> {
        switch (course.state()) {
          case LifeState.Hibernating hibernating -> sleep.answered(hibernating, helper);
          case LifeState.Waking waking -> wake.answered(waking, helper);
          case LifeState.Starting _,
              LifeState.Running _,
              LifeState.Restarting _,
              LifeState.Hibernated _,
              LifeState.Forgotten _,
              LifeState.Dead _,
              LifeState.Ending _ ->
              LOG.log(Level.DEBUG, "event=helper-answer-too-late kernel={0}", id());
        }
      }
    }
  }

  private void answered(KernelLink link) throws InterruptedException {
    if (!(course.state() instanceof LifeState.Starting starting) || starting.process() == null) {
      link.close();
      return;
    }
    unaskedEnds.startedWell();
    Optional<Snapshot> asleep = course.asleep();
    if (asleep.isPresent()) {
      wake.restore(starting.process(), link, asleep.get());
      return;
    }
    if (!launching.answered(starting.process(), link)) {
      unaskedEnds.linkLost("it broke while the kernel was approached");
    }
  }
}
