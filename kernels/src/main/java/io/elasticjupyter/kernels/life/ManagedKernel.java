// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.Attachment;
import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.KernelModel;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.hibernation.HibernationSettings.IdleAction;
import io.elasticjupyter.kernels.hibernation.SavingMeans;
import io.elasticjupyter.kernels.idle.IdleFacts;
import io.elasticjupyter.kernels.idle.IdlePolicy;
import io.elasticjupyter.kernels.idle.IdleSettings;
import io.elasticjupyter.kernels.link.FollowedOutput;
import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.elasticjupyter.kernels.store.KernelRecord;
import io.elasticjupyter.kernels.store.SleepRecord;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * One kernel as it is seen from outside. What is asked of it becomes an event of its {@link
 * KernelLife}; what clients send and get passes through its {@link Conversation} without waiting
 * for that. Safe for any thread.
 */
public final class ManagedKernel implements Kernel {

  private final KernelIdentity identity;
  private final Conversation conversation;
  private final KernelLife life;
  private final KernelRules rules;
  private final SleepChances sleepChances;
  private final Duration maxAge;
  private final InstantSource clock;

  private ManagedKernel(KernelIdentity identity, KernelParts parts) {
    this.identity = identity;
    this.conversation = new Conversation(identity, parts);
    this.life = new KernelLife(identity, parts, conversation);
    this.rules = new KernelRules(identity, parts.settings());
    this.sleepChances = new SleepChances(parts.sleepRoom().isPresent());
    this.maxAge = parts.settings().hibernation().limits().maxAge();
    this.clock = parts.clock();
  }

  /** A kernel that is asked for now; it starts by itself. */
  public static ManagedKernel start(KernelIdentity identity, KernelParts parts) throws IOException {
    identity
        .folder()
        .write(identity.record(null, false, null, false, SleepRecord.NEVER, HeldTime.NOTHING));
    ManagedKernel kernel = new ManagedKernel(identity, parts);
    kernel.life.begin();
    return kernel;
  }

  /**
   * A kernel that an earlier run of the gateway left, or another gateway, with or without its
   * process.
   *
   * @param output what it said since; empty where nobody listened
   */
  public static ManagedKernel adopt(
      KernelIdentity identity,
      KernelParts parts,
      KernelRecord record,
      Optional<FollowedOutput> output)
      throws IOException {
    ManagedKernel kernel = new ManagedKernel(identity, parts);
    kernel.conversation.recall(output);
    kernel.life.begin(record);
    return kernel;
  }

  @Override
  public KernelId id() {
    return identity.id();
  }

  @Override
  public KernelModel model() {
    LifeState now = life.state();
    return new KernelModel(
        identity.id(),
        identity.spec().name(),
        identity.username(),
        conversation.activity().last(),
        now.executionState(conversation.requests().isBusy()),
        conversation.connections(),
        now.reason(),
        now.isAsleep(),
        now.sleepsIn(),
        life.held(),
        identity.startedAt());
  }

  @Override
  public Attachment attach(Optional<String> session) {
    return conversation.attach(session);
  }

  @Override
  public void interrupt() throws KernelFailure {
    switch (life.state()) {
      case LifeState.Starting _, LifeState.Restarting _, LifeState.Waking _ ->
          conversation.abandonHeldCells();
      // Nothing runs in them.
      case LifeState.Hibernating _, LifeState.Hibernated _, LifeState.Forgotten _ -> {}
      case LifeState.Running running ->
          Interrupt.send(identity.spec().interruptMode(), running, conversation.messages());
      case LifeState.Dead dead -> throw new KernelFailure.KernelGone(id(), dead.why());
      case LifeState.Ending _ -> throw new KernelFailure.KernelGone(id(), "it is being ended");
    }
  }

  @Override
  public void restart() throws KernelFailure {
    if (life.state() instanceof LifeState.Ending) {
      throw new KernelFailure.KernelGone(id(), "it is being ended");
    }
    conversation.hold();
    life.post(new LifeEvent.Restart());
  }

  @Override
  public CompletableFuture<HibernationOutcome> hibernate() {
    CompletableFuture<HibernationOutcome> done = new CompletableFuture<>();
    life.post(new LifeEvent.Hibernate(new SleepReason.Asked(), done::complete));
    return done;
  }

  /**
   * Saves the kernel, whatever it does beside its cells, because its process is about to be taken
   * away.
   *
   * @param why in a sentence
   */
  public CompletableFuture<HibernationOutcome> leave(String why) {
    CompletableFuture<HibernationOutcome> done = new CompletableFuture<>();
    life.post(
        new LifeEvent.Hibernate(
            new SleepReason.Leaving(why),
            outcome -> {
              if (outcome instanceof HibernationOutcome.Hibernated && conversation.holdsAny()) {
                life.post(new LifeEvent.Wanted());
              }
              boolean _ = done.complete(outcome);
            }));
    return done;
  }

  /** Tells clients that the process goes, and the variables with it. */
  public void leavesUnsaved(String why, String trouble) {
    conversation.announcer().notice(SleepSentences.leavesUnsaved(why, trouble));
  }

  @Override
  public void wake() throws KernelFailure {
    switch (life.state()) {
      case LifeState.Dead dead -> throw new KernelFailure.KernelGone(id(), dead.why());
      case LifeState.Ending _ -> throw new KernelFailure.KernelGone(id(), "it is being ended");
      case LifeState.Forgotten forgotten ->
          throw new KernelFailure.HibernationFailed(forgotten.why());
      case LifeState.Starting _,
          LifeState.Restarting _,
          LifeState.Running _,
          LifeState.Hibernating _,
          LifeState.Hibernated _,
          LifeState.Waking _ ->
          life.post(new LifeEvent.Wanted());
    }
  }

  @Override
  public CompletableFuture<HibernationOutcome> move(KernelSpec target) {
    String language = identity.spec().language();
    if (!target.language().equalsIgnoreCase(language)) {
      return CompletableFuture.completedFuture(
          new HibernationOutcome.Unfit(
              "The kernelspec %s is of another language (%s), which cannot take over the variables."
                  .formatted(target.name(), target.language())));
    }
    CompletableFuture<HibernationOutcome> done = new CompletableFuture<>();
    life.post(
        new LifeEvent.Hibernate(
            new SleepReason.Move(target.name()),
            outcome -> {
              if (outcome instanceof HibernationOutcome.Hibernated) {
                identity.moveTo(target);
                life.post(new LifeEvent.Wanted());
              }
              boolean _ = done.complete(outcome);
            }));
    return done;
  }

  /** Whether the idle rule lets it hibernate, as far as is known; it is ended otherwise. */
  public boolean canHibernate() {
    return sleepChances.arePossible()
        && rules.hibernation().action() == IdleAction.HIBERNATE
        && SavingMeans.of(identity.spec()).isPresent();
  }

  /** Lets an idle kernel hibernate, unless that failed lately. What becomes of it comes later. */
  public void hibernateIfDue(Duration idleFor, Instant now) {
    if (sleepChances.areDue(now)) {
      life.post(new LifeEvent.Hibernate(new SleepReason.Idle(idleFor), this::noteOutcome));
    }
  }

  private void noteOutcome(HibernationOutcome outcome) {
    if (sleepChances.note(outcome, clock.instant())
        && outcome instanceof HibernationOutcome.Failed failed) {
      conversation
          .announcer()
          .notice(
              "The idle kernel could not hibernate and keeps its memory: %s It is tried again later."
                  .formatted(failed.why()));
    }
  }

  /** Ends the kernel for good, as somebody asked. */
  public void delete(String why) {
    life.post(new LifeEvent.Delete(why, false));
  }

  /** Ends the idle kernel for good, which cannot hibernate or is not to. */
  public void cullIdle(Duration idleFor, Duration allowed) {
    cull(SleepSentences.culled(idleFor, allowed));
  }

  /** Ends the kernel for good although nobody asked; its clients are told why before. */
  public void cull(String why) {
    life.post(new LifeEvent.Delete(why, true));
  }

  /** What it is started from, and was given. */
  public LaunchRequest launchRequest() {
    return identity.launchRequest();
  }

  public Instant startedAt() {
    return identity.startedAt();
  }

  /** Waits until a kernel that was deleted is gone with its process and its files. */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return life.awaitEnd(timeout);
  }

  /** Whether a kernel that was deleted is gone with its process and its files. */
  public boolean hasEnded() {
    return life.hasEnded();
  }

  /**
   * Lets go of the kernel without ending it, for the gateway's own stop, or because another gateway
   * has it from now on.
   *
   * @param beforeFilesClose run when nothing changes any more, on the kernel's own thread
   * @return what to wait on until it is done
   */
  public CountDownLatch detach(Runnable beforeFilesClose) {
    CountDownLatch done = new CountDownLatch(1);
    life.post(new LifeEvent.Detach(done, beforeFilesClose));
    return done;
  }

  /** The idle rule's verdict; empty for a kernel that does not run. */
  public Optional<IdlePolicy.Verdict> judgeIdleness(Instant now) {
    if (!(life.state() instanceof LifeState.Running running)) {
      return Optional.empty();
    }
    IdleFacts facts =
        new IdleFacts(
            running.since(),
            conversation.activity().last(),
            conversation.requests().isBusy(),
            conversation.connections());
    IdleSettings idle = rules.idle();
    IdleSettings rule = canHibernate() ? idle.alsoConnected() : idle;
    return Optional.of(IdlePolicy.judge(rule, facts, now));
  }

  /** Since when the kernel is dead with no client; empty while it is not. */
  public Optional<Instant> abandonedSince() {
    return life.state() instanceof LifeState.Dead dead && conversation.connections() == 0
        ? Optional.of(dead.since())
        : Optional.empty();
  }

  /** Gives up snapshots that are older than is allowed. Called from a timer. */
  public void removeOldSnapshots() {
    if (!maxAge.isZero()) {
      life.post(new LifeEvent.RemoveOldSnapshots(maxAge));
    }
  }

  /** Whether that was done as long ago again, and there is no client. */
  public boolean isForgotten(Instant now) {
    return life.state() instanceof LifeState.Forgotten forgotten
        && conversation.connections() == 0
        && forgotten.since().plus(maxAge).isBefore(now);
  }

  /** Puts on disk what changes often, and counts the time. Called from a timer. */
  public void flush() {
    life.count(conversation.requests().isBusy());
    conversation.memory().flush();
  }

  /** What another gateway needs to go on with this kernel; to be closed. */
  public KernelCopying copying() {
    return new KernelCopying(life, conversation);
  }

  /** Forgets clients that went away long ago. Called from a timer. */
  public void forgetExpiredClients() {
    conversation.forgetExpired();
  }
}
