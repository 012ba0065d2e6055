// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** A kernel that is not started again by itself: what its clients are told, and what is noted. */
final class Death {

  private static final System.Logger LOG = System.getLogger(Death.class.getName());

  private final KernelIdentity identity;
  private final LifeCourse course;
  private final Conversation conversation;

  Death(KernelIdentity identity, LifeCourse course, Conversation conversation) {
    this.identity = identity;
    this.course = course;
    this.conversation = conversation;
  }

  /** Tells why, where the user looks. A kernel whose variables are saved sleeps on instead. */
  void die(String why) {
    Optional<Snapshot> asleep = course.asleep();
    if (asleep.isPresent()) {
      sleepOn(asleep.get(), why, SleepSentences.notWoken(why));
      return;
    }
    LOG.log(
        Level.WARNING,
        "event=kernel-dead kernel={0} spec={1}",
        identity.id(),
        identity.spec().name());
    // Cells that wait are answered with the reason; without any, it is told below the last one.
    if (conversation.requests().newestRunningCode().isEmpty()) {
      conversation.announcer().notice(why);
    }
    beDead(why);
  }

  /**
   * Leaves a kernel that cannot be woken asleep.
   *
   * @param told to the cells that wait for it
   */
  void sleepOn(Snapshot snapshot, String why, String told) {
    LOG.log(
        Level.WARNING,
        "event=kernel-not-woken kernel={0} spec={1} reason={2}",
        identity.id(),
        identity.spec().name(),
        why);
    course.become(new LifeState.Hibernated(snapshot, why));
    course.note(null, true);
    conversation.failHeld("KernelNotWoken", told);
    conversation.sleep();
  }

  /** The same for clients who were told already. */
  void beDead(String why) {
    course.become(new LifeState.Dead(why, course.now()));
    conversation.refuse(why, "DeadKernelError");
    conversation.announcer().status(ExecutionState.DEAD);
    course.noteDead(why);
  }
}
