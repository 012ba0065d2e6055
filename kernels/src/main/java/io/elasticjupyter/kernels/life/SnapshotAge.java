// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.Snapshot;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Gives up what sleeping kernels hold for longer than is allowed. By the kernel's own thread. */
final class SnapshotAge {

  private static final System.Logger LOG = System.getLogger(SnapshotAge.class.getName());

  private final KernelIdentity identity;
  private final KernelParts parts;
  private final Conversation conversation;
  private final LifeCourse course;
  private final SnapshotKeeping keeping;

  SnapshotAge(
      KernelIdentity identity,
      KernelParts parts,
      Conversation conversation,
      LifeCourse course,
      SnapshotKeeping keeping) {
    this.identity = identity;
    this.parts = parts;
    this.conversation = conversation;
    this.course = course;
    this.keeping = keeping;
  }

  /** Gives up what is older than is allowed. */
  void removeOld(Duration maxAge) {
    switch (course.state()) {
      case LifeState.Hibernated(Snapshot snapshot, String _) when isOlder(snapshot, maxAge) ->
          forget(snapshot, maxAge);
      case LifeState.Running running
          when course.lastSnapshot().filter(each -> isOlder(each, maxAge)).isPresent() -> {
        // What the kernel woke from, and works on with its process: nobody misses it.
        course.forgets();
        course.note(running.process().record(), true);
        keeping.removeAll(false);
      }
      case LifeState.Starting _,
          LifeState.Running _,
          LifeState.Hibernating _,
          LifeState.Hibernated _,
          LifeState.Forgotten _,
          LifeState.Waking _,
          LifeState.Restarting _,
          LifeState.Dead _,
          LifeState.Ending _ -> {}
    }
  }

  private boolean isOlder(Snapshot snapshot, Duration maxAge) {
    return snapshot.savedAt().plus(maxAge).isBefore(course.now());
  }

  /** Gives up what a kernel holds that has slept for too long. */
  private void forget(Snapshot snapshot, Duration maxAge) {
    String why = SleepSentences.removed(snapshot, maxAge, course.now());
    course.lostSnapshot(why);
    course.become(new LifeState.Forgotten(snapshot, why, course.now()));
    // Before the files, so that nobody finds a kernel that seems to sleep and has none.
    course.note(null, true);
    keeping.removeAll(true);
    conversation.announcer().notice(why);
    // Where others look for it who do not open the notebook.
    parts.provisioner().refuseWish(identity.launchRequest(), why);
    parts.monitor().snapshotRemoved();
    LOG.log(
        Level.INFO,
        "event=snapshot-removed kernel={0} generation={1} bytes={2,number,#} saved={3}",
        course.id(),
        snapshot.generation(),
        snapshot.report().bytes(),
        snapshot.savedAt());
  }
}
