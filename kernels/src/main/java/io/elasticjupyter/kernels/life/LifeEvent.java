// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.kernels.provisioner.ExitReport;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** What moves a kernel from one state to the next. */
sealed interface LifeEvent {

  /** Start for the first time. */
  record Launch() implements LifeEvent {}

  /** Belongs to one start of the kernel, and counts for nothing when that is over. */
  sealed interface OfOneStart extends LifeEvent {
    int attempt();
  }

  /** The kernel answers. */
  record Answered(int attempt, KernelLink link) implements OfOneStart {}

  /** The kernel takes longer than usual. */
  record StillWaiting(int attempt, String stage) implements OfOneStart {}

  /** The kernel cannot be started, or does not answer. */
  record StartFailed(int attempt, String why) implements OfOneStart {}

  /** The process ended. */
  record Exited(int attempt, ExitReport report) implements OfOneStart {}

  /** The connection ended; the process perhaps not. */
  record LinkLost(int attempt, String why) implements OfOneStart {}

  /**
   * The idle kernel's probe was answered, or its save, or its restore.
   *
   * @param question which of them: answers may come so late that another was asked meanwhile
   */
  record HelperAnswered(int attempt, long question, HelperAnswer answer) implements OfOneStart {}

  /**
   * The image of its process was written, and it is stopped; or not, and it runs.
   *
   * @param generation of the try to sleep that wanted it
   */
  record ImageTaken(int attempt, KernelProcess process, int generation, TakenImage taken)
      implements OfOneStart {}

  /** Its process is back as it was, and not connected to yet. */
  record BroughtBack(int attempt, KernelProcess process) implements OfOneStart {}

  /** Its process cannot be brought back. */
  record NotBroughtBack(int attempt, String why) implements OfOneStart {}

  /**
   * Save it and give its process back.
   *
   * @param done told what became of it, by the kernel's own thread
   */
  record Hibernate(SleepReason reason, Consumer<HibernationOutcome> done) implements LifeEvent {}

  /** A sleeping kernel is needed: a client sent what only the kernel itself can do. */
  record Wanted() implements LifeEvent {}

  /** Snapshots older than that are given up; of a kernel that sleeps, what it holds as well. */
  record RemoveOldSnapshots(Duration maxAge) implements LifeEvent {}

  /** A client asked a sleeping kernel by message to end. */
  record EndAsked() implements LifeEvent {}

  /** The user wants it anew. */
  record Restart() implements LifeEvent {}

  /**
   * End it for good.
   *
   * @param announced whether clients are told why in words, since none of them asked for it
   */
  record Delete(String why, boolean announced) implements LifeEvent {}

  /**
   * The gateway stops, or has the kernel no more; the process stays.
   *
   * @param beforeFilesClose run when nothing changes any more
   */
  record Detach(CountDownLatch done, Runnable beforeFilesClose) implements LifeEvent {}
}
