// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.Delivery.EndReason;
import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.kernels.provisioner.ExitReport;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.kernels.store.KernelRecord;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Moves a kernel from state to state, one event after the other on a thread of its own; nothing
 * else changes the state. Connecting runs beside it and comes back as an event.
 */
final class KernelLife {

  private static final System.Logger LOG = System.getLogger(KernelLife.class.getName());

  private static final Duration DRAIN = Duration.ofSeconds(2);
  private static final Duration GRACE_AFTER_LOST_LINK = Duration.ofMillis(500);
  private static final Duration CANCEL = Duration.ofSeconds(5);
  private static final int MAX_PORT_CLASHES = 3;

  private final KernelIdentity identity;
  private final KernelParts parts;
  private final Conversation conversation;
  private final LifeMailbox mailbox = new LifeMailbox();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile LifeState state = new LifeState.Starting(null, null, false);
  private volatile boolean askedToEnd;

  private Instant launchedAt;
  private int attempt;
  private int crashes;
  private int portClashes;
  private @Nullable Thread starter;
  private @Nullable KernelRecord written;

  KernelLife(KernelIdentity identity, KernelParts parts, Conversation conversation) {
    this.identity = identity;
    this.parts = parts;
    this.conversation = conversation;
    this.launchedAt = identity.startedAt();
    conversation.onShutdownRequest(() -> askedToEnd = true);
  }

  /** Begins with a kernel that is asked for now and noted on disk already. */
  void begin() {
    written = identity.record(null, false, null, false);
    conversation.announcer().status(ExecutionState.STARTING);
    mailbox.post(new LifeEvent.Launch());
    startThread();
  }

  /** Begins with a kernel that an earlier run of the gateway left, with or without its process. */
  void begin(KernelRecord record) {
    if (record.deadReason() != null) {
      // Its clients were told by the gateway that saw it die.
      beDead(record.deadReason());
      startThread();
      return;
    }
    Optional<KernelProcess> process;
    try {
      process = parts.provisioner().adopt(identity.launchRequest(), record.process());
    } catch (KernelFailure e) {
      die(String.valueOf(e.getMessage()));
      startThread();
      return;
    }
    if (process.isPresent()) {
      attempt++;
      watch(process.get(), attempt);
      state =
          new LifeState.Starting(
              process.get(), "The gateway was restarted and reconnects.", record.answered());
      begin(process.get(), record.answered() ? Approach.RECONNECT : Approach.AWAIT_FIRST_ANSWER);
    } else if (record.answered()) {
      die(
          "The kernel ended while the gateway was not running; its variables are gone."
              + " Restart it to go on.");
    } else {
      mailbox.post(new LifeEvent.Launch());
    }
    startThread();
  }

  private void startThread() {
    Thread.ofVirtual().name("kernel-life-" + identity.id()).start(this::live);
  }

  /** Where the kernel is now. From any thread. */
  LifeState state() {
    return state;
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
      return handle(event);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "event=kernel-life-failed kernel=" + id(), e);
      String why = "The gateway failed while it handled this kernel; its log says more.";
      LifeState before = state;
      state = new LifeState.Dead(why, now());
      conversation.refuse(why, "GatewayFailed");
      endSafely(before);
      return true;
    }
  }

  /** A process that nobody would speak to any more shall not stay. */
  private void endSafely(LifeState before) throws InterruptedException {
    try {
      endProcess(before, false);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "event=kernel-process-left kernel=" + id(), e);
    }
  }

  /** Handles one event; false when it was the last. */
  private boolean handle(LifeEvent event) throws InterruptedException {
    return switch (event) {
      case LifeEvent.Launch _ -> {
        launch();
        yield true;
      }
      case LifeEvent.Answered answered -> {
        if (isCurrent(answered.attempt())) {
          answered(answered.link());
        } else {
          answered.link().close();
        }
        yield true;
      }
      case LifeEvent.StillWaiting waiting -> {
        if (isCurrent(waiting.attempt())) {
          stillWaiting(waiting.stage());
        }
        yield true;
      }
      case LifeEvent.StartFailed failed -> {
        if (isCurrent(failed.attempt())) {
          startFailed(failed.why());
        }
        yield true;
      }
      case LifeEvent.Exited exited -> {
        if (isCurrent(exited.attempt())) {
          exited(exited.report());
        }
        yield true;
      }
      case LifeEvent.LinkLost lost -> {
        if (isCurrent(lost.attempt())) {
          linkLost(lost.why());
        }
        yield true;
      }
      case LifeEvent.Restart _ -> {
        restartNow();
        yield true;
      }
      case LifeEvent.Delete delete -> {
        end(delete.why(), delete.announced());
        yield false;
      }
      case LifeEvent.Detach detach -> {
        detachNow();
        detach.done().countDown();
        yield false;
      }
    };
  }

  private boolean isCurrent(int eventAttempt) {
    return eventAttempt == attempt;
  }

  private Instant now() {
    return parts.clock().instant();
  }

  // Starting.

  private void launch() {
    attempt++;
    askedToEnd = false;
    launchedAt = now();
    conversation.requests().clearBusy();
    state = new LifeState.Starting(null, null, false);
    // Before the launch: a gateway that is killed right behind it looks for a process that is not
    // noted yet only where none is noted.
    remember(null, false);
    try {
      KernelProcess process = parts.provisioner().launch(identity.launchRequest());
      watch(process, attempt);
      state = new LifeState.Starting(process, null, false);
      remember(process.record(), false);
      begin(process, Approach.AWAIT_FIRST_ANSWER);
    } catch (KernelFailure e) {
      die(String.valueOf(e.getMessage()));
    }
  }

  private void watch(KernelProcess process, int current) {
    CompletableFuture<Void> told =
        process.exited().thenAccept(report -> post(new LifeEvent.Exited(current, report)));
    LOG.log(Level.DEBUG, "event=watching kernel={0} gone={1}", id(), told.isDone());
  }

  private void begin(KernelProcess process, Approach approach) {
    starter =
        new Connecting(identity, parts, conversation, process, approach, attempt, this::post)
            .start();
  }

  private void answered(KernelLink link) throws InterruptedException {
    if (!(state instanceof LifeState.Starting starting) || starting.process() == null) {
      link.close();
      return;
    }
    KernelProcess process = starting.process();
    starter = null;
    portClashes = 0;
    state = new LifeState.Running(process, link, now());
    remember(process.record(), true);
    conversation.open(link);
    if (link.isOver()) {
      // Lost before it was of use: the event came when there was nothing to lose yet.
      linkLost("it broke while the kernel was approached");
      return;
    }
    parts.monitor().started(identity.spec().name(), Duration.between(launchedAt, now()));
    LOG.log(Level.INFO, "event=kernel-answers kernel={0} spec={1}", id(), identity.spec().name());
  }

  private void stillWaiting(String stage) {
    if (state instanceof LifeState.Starting starting) {
      String sentence =
          (starting.again() ? "The kernel is not reached: " : "The kernel is still starting: ")
              + stage;
      state = new LifeState.Starting(starting.process(), sentence, starting.again());
      conversation.announcer().waiting(sentence + ". What you run is held for it.");
    }
  }

  private void startFailed(String why) throws InterruptedException {
    if (state instanceof LifeState.Starting starting && starting.process() != null) {
      KernelProcess process = starting.process();
      String tail = process.outputTail();
      conversation.orderlyEnd().end(process, null, false);
      die(withTail(why, tail));
    } else {
      die(why);
    }
  }

  private static String withTail(String why, String tail) {
    return tail.isEmpty() ? why : why + " The end of its output:\n" + tail;
  }

  // Ended without being asked to.

  private void exited(ExitReport report) throws InterruptedException {
    switch (state) {
      case LifeState.Starting starting when starting.process() != null -> {
        cancelStart();
        if (starting.again()) {
          crashed(starting.process(), report);
        } else {
          exitedAtStart(starting.process(), report);
        }
      }
      case LifeState.Running running -> crashed(running, report);
      case LifeState.Starting _, LifeState.Restarting _, LifeState.Dead _, LifeState.Ending _ -> {}
    }
  }

  private void exitedAtStart(KernelProcess process, ExitReport report) throws InterruptedException {
    String tail = process.outputTail();
    conversation.orderlyEnd().end(process, null, false);
    if (PortClash.isTold(tail) && portClashes < MAX_PORT_CLASHES) {
      portClashes++;
      LOG.log(Level.INFO, "event=port-clash kernel={0} action=other-ports", id());
      launch();
      return;
    }
    String why =
        report
            .why()
            .orElse("The kernel's process %s before it answered.".formatted(report.sentence()));
    die(withTail(why, tail));
  }

  private void crashed(LifeState.Running running, ExitReport report) throws InterruptedException {
    running.link().awaitDrained(DRAIN);
    running.link().close();
    crashed(running.process(), report);
  }

  private void crashed(KernelProcess process, ExitReport report) throws InterruptedException {
    conversation.orderlyEnd().end(process, null, false);
    String sentence = report.told();
    if (askedToEnd) {
      die("A client asked the kernel to end, and it did.");
      return;
    }
    if (report.wanted()) {
      die(sentence);
      return;
    }
    crashes = conversation.activity().takeAnsweredCell() ? 1 : crashes + 1;
    boolean again = crashes <= parts.settings().maxRestarts();
    parts.monitor().crashed(identity.spec().name(), again);
    if (!again) {
      die(
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
    state = new LifeState.Restarting(notice);
    conversation.announcer().status(ExecutionState.RESTARTING);
    launch();
  }

  /** The process may have ended just now; its exit is told in a moment, and counts. */
  private void linkLost(String why) throws InterruptedException {
    switch (state) {
      case LifeState.Running running -> {
        conversation.hold();
        running.link().close();
        KernelProcess process = running.process();
        if (isGoneSoon(process)) {
          return;
        }
        if (!process.isAlive()) {
          // Of a process that is not the gateway's own child the end is told seconds late.
          crashed(process, new ExitReport(OptionalInt.empty()));
          return;
        }
        LOG.log(Level.WARNING, "event=link-lost kernel={0} reason={1}", id(), why);
        conversation.requests().connectionLost();
        state = new LifeState.Starting(process, "The connection to the kernel was lost.", true);
        begin(process, Approach.RECONNECT);
      }
      case LifeState.Starting _, LifeState.Restarting _, LifeState.Dead _, LifeState.Ending _ -> {}
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

  private void die(String why) {
    cancelStart();
    LOG.log(Level.WARNING, "event=kernel-dead kernel={0} spec={1}", id(), identity.spec().name());
    // Cells that wait are answered with the reason; without any, it is told below the last one.
    if (conversation.requests().newestRunningCode().isEmpty()) {
      conversation.announcer().notice(why);
    }
    beDead(why);
  }

  private void beDead(String why) {
    state = new LifeState.Dead(why, now());
    conversation.refuse(why, "DeadKernelError");
    conversation.announcer().status(ExecutionState.DEAD);
    write(identity.record(null, false, why, false));
  }

  // Asked to restart or to end.

  private void restartNow() throws InterruptedException {
    LifeState before = state;
    state = new LifeState.Restarting("The kernel is restarted as its user asked.");
    conversation.hold();
    crashes = 0;
    // Not told as status "restarting": to JupyterLab that word means a crash, and it gives up
    // cells.
    endProcess(before, true);
    conversation.failSent(
        "KernelRestarted", "The kernel was restarted; the cell was not finished.");
    launch();
  }

  private void end(String why, boolean announced) throws InterruptedException {
    LifeState before = state;
    if (announced) {
      conversation.announcer().notice(why);
    }
    state = new LifeState.Ending();
    write(identity.record(processOf(before), true, null, true));
    conversation.refuse(why, "KernelEnded");
    conversation.announcer().status(ExecutionState.DEAD);
    conversation.end(EndReason.KERNEL_DELETED);
    if (parts.provisioner().forgettingEnds()) {
      askToEnd(before);
    } else {
      endProcess(before, false);
    }
    parts.provisioner().forget(identity.launchRequest());
    attempt++;
    conversation.discard();
    try {
      identity.folder().delete();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=kernel-files-left kernel={0} reason={1}", id(), e.toString());
    }
    LOG.log(Level.INFO, "event=kernel-ended kernel={0} reason={1}", id(), why);
    ended.countDown();
  }

  private void endProcess(LifeState before, boolean restart) throws InterruptedException {
    cancelStart();
    attempt++;
    switch (before) {
      case LifeState.Running running -> {
        conversation.orderlyEnd().end(running.process(), running.link(), restart);
        running.link().awaitDrained(DRAIN);
        running.link().close();
      }
      case LifeState.Starting starting -> {
        if (starting.process() != null) {
          conversation.orderlyEnd().end(starting.process(), null, restart);
        }
      }
      case LifeState.Restarting _, LifeState.Dead _, LifeState.Ending _ -> {}
    }
  }

  /** Of a kernel whose process goes with what stands for it. */
  private void askToEnd(LifeState before) throws InterruptedException {
    cancelStart();
    attempt++;
    if (before instanceof LifeState.Running running) {
      conversation.orderlyEnd().ask(running.link());
      running.link().close();
    }
  }

  private void detachNow() throws InterruptedException {
    cancelStart();
    attempt++;
    conversation.end(EndReason.GATEWAY_STOPPING);
    conversation.hold();
    if (state instanceof LifeState.Running running) {
      running.link().close();
      // What was read from the kernel already is nowhere else.
      if (!running.link().awaitDrained(DRAIN)) {
        LOG.log(Level.WARNING, "event=output-not-drained kernel={0}", id());
      }
    }
    conversation.close();
  }

  private void cancelStart() {
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

  private void remember(@Nullable ProcessRecord process, boolean answered) {
    write(identity.record(process, answered, null, false));
  }

  private static @Nullable ProcessRecord processOf(LifeState state) {
    return switch (state) {
      case LifeState.Running running -> running.process().record();
      case LifeState.Starting starting ->
          starting.process() == null ? null : starting.process().record();
      case LifeState.Restarting _, LifeState.Dead _, LifeState.Ending _ -> null;
    };
  }

  private void write(KernelRecord record) {
    if (record.equals(written)) {
      return;
    }
    try {
      identity.folder().write(record);
      written = record;
    } catch (IOException e) {
      LOG.log(
          Level.ERROR,
          "event=kernel-state-not-written kernel={0} consequence=lost-at-gateway-restart"
              + " reason={1}",
          id(),
          e.toString());
    }
  }
}
