// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.ExecutionState;
import java.lang.System.Logger.Level;

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

  /** Tells why, where the user looks. */
  void die(String why) {
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

  /** The same for clients who were told already. */
  void beDead(String why) {
    course.become(new LifeState.Dead(why, course.now()));
    conversation.refuse(why, "DeadKernelError");
    conversation.announcer().status(ExecutionState.DEAD);
    course.noteDead(why);
  }
}
