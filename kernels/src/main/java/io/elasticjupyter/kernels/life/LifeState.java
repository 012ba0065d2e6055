// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.accounting.Use;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a kernel is in its life. */
sealed interface LifeState {

  /**
   * Asked for and not answering yet; what clients send is held.
   *
   * @param process null until it was launched
   * @param stage what is waited for, in words; null while it takes no longer than it should.
   *     JupyterLab keeps the reason of the model that it was given at the start, and shows it as an
   *     error when the kernel ends hours later
   * @param again whether the process answered before, so that its end is a crash
   */
  record Starting(@Nullable KernelProcess process, @Nullable String stage, boolean again)
      implements LifeState {}

  /** There is a process that answers, and a connection to it. */
  sealed interface Connected extends LifeState {
    KernelProcess process();

    KernelLink link();
  }

  /** Answering. */
  record Running(KernelProcess process, KernelLink link, Instant since) implements Connected {}

  /** Being saved; what clients send is held, and ends that. */
  record Hibernating(KernelProcess process, KernelLink link, Instant runningSince)
      implements Connected {}

  /**
   * Saved, without a process; what runs code wakes it.
   *
   * @param trouble why it could not be woken when that was tried last; null where it was not
   */
  record Hibernated(Snapshot snapshot, @Nullable String trouble) implements LifeState {}

  /**
   * As if it slept, but what it held was removed; can be restarted by its user.
   *
   * @param since when that was done, or this gateway found that it was
   */
  record Forgotten(Snapshot snapshot, String why, Instant since) implements LifeState {}

  /** Its process answers again and is given its variables back; what clients send is held. */
  record Waking(KernelProcess process, KernelLink link, Snapshot snapshot) implements Connected {}

  /** Being ended so that it can be started again; what clients send is held. */
  record Restarting(String why) implements LifeState {}

  /** Ended, with the reason in words; can be restarted by its user. */
  record Dead(String why, Instant since) implements LifeState {}

  /** Being ended for good; no longer listed. */
  record Ending() implements LifeState {}

  /** What clients are told. */
  default ExecutionState executionState(boolean busy) {
    return switch (this) {
      case Starting _ -> ExecutionState.STARTING;
      case Running _ -> busy ? ExecutionState.BUSY : ExecutionState.IDLE;
      case Hibernating _, Hibernated _, Forgotten _ -> ExecutionState.IDLE;
      case Waking _ -> ExecutionState.BUSY;
      case Restarting _ -> ExecutionState.RESTARTING;
      case Dead _, Ending _ -> ExecutionState.DEAD;
    };
  }

  /** What it does with what it is given. */
  default Use use(boolean busy) {
    return switch (this) {
      case Running _ -> busy ? Use.BUSY : Use.IDLE;
      case Hibernating _ -> Use.IDLE;
      case Waking _ -> Use.BUSY;
      case Hibernated _, Forgotten _ -> Use.GIVEN_BACK;
      // A kernel that was there before is there still, though nobody reaches it.
      case Starting starting -> starting.again() ? Use.IDLE : Use.NONE;
      case Restarting _, Dead _, Ending _ -> Use.NONE;
    };
  }

  /** What its variables are in, while it sleeps. */
  default Optional<Snapshot> sleepsIn() {
    return switch (this) {
      case Hibernated hibernated -> Optional.of(hibernated.snapshot());
      case Waking waking -> Optional.of(waking.snapshot());
      case Starting _, Running _, Hibernating _, Forgotten _, Restarting _, Dead _, Ending _ ->
          Optional.empty();
    };
  }

  /** Whether it has given its process back and can be woken, or restarted. */
  default boolean isAsleep() {
    return this instanceof Hibernated || this instanceof Forgotten;
  }

  /** Why it is not simply running, for its user. */
  default Optional<String> reason() {
    return switch (this) {
      case Starting starting -> Optional.ofNullable(starting.stage());
      case Running _ -> Optional.empty();
      case Hibernating _ -> Optional.of("The kernel is idle, and its variables are being saved.");
      case Hibernated hibernated ->
          Optional.of(SleepSentences.asleep(hibernated.snapshot(), hibernated.trouble()));
      case Forgotten forgotten -> Optional.of(forgotten.why());
      case Waking _ -> Optional.of("The kernel is being woken: its variables are being restored.");
      case Restarting restarting -> Optional.of(restarting.why());
      case Dead dead -> Optional.of(dead.why());
      case Ending _ -> Optional.of("The kernel is being ended.");
    };
  }
}
