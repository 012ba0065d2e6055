// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.accounting.Ledger;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.kernels.store.KernelRecord;
import io.elasticjupyter.kernels.store.SleepRecord;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a kernel is in its life, which of its starts counts, and how that is noted on disk. Read
 * from any thread; changed by the kernel's own alone.
 */
final class LifeCourse {

  private static final System.Logger LOG = System.getLogger(LifeCourse.class.getName());

  private final KernelIdentity identity;
  private final InstantSource clock;
  private volatile Ledger ledger;
  private volatile LifeState state = new LifeState.Starting(null, null, false);
  private int attempt;
  private SleepRecord sleep = SleepRecord.NEVER;
  private volatile @Nullable KernelRecord written;

  LifeCourse(KernelIdentity identity, InstantSource clock) {
    this.identity = identity;
    this.clock = clock;
    this.ledger = new Ledger(HeldTime.NOTHING, clock.instant());
  }

  /** How long the kernel held what it is given. From any thread. */
  HeldTime held() {
    return ledger.held();
  }

  /** Counts the time until now. From any thread. */
  Ledger.Stretch count(boolean busy) {
    return ledger.look(state.use(busy), now());
  }

  LifeState state() {
    return state;
  }

  void become(LifeState next) {
    state = next;
  }

  KernelId id() {
    return identity.id();
  }

  Instant now() {
    return clock.instant();
  }

  int attempt() {
    return attempt;
  }

  /** Lets nothing count any more that comes of an earlier start. */
  int nextAttempt() {
    return ++attempt;
  }

  boolean isCurrent(int eventAttempt) {
    return eventAttempt == attempt;
  }

  /** Takes in what is noted already. */
  void isNoted(KernelRecord record) {
    written = record;
    sleep = record.sleep();
    ledger = new Ledger(record.held(), now());
  }

  /** The snapshot that the kernel's variables are in, and nowhere else; empty while it is awake. */
  Optional<Snapshot> asleep() {
    return sleep.asleep() ? Optional.ofNullable(sleep.snapshot()) : Optional.empty();
  }

  /** What a sleeping kernel said of itself while it ran. */
  Optional<ObjectNode> kernelInfo() {
    return Optional.ofNullable(sleep.kernelInfo());
  }

  /** The last verified snapshot, which may be older than the variables. */
  Optional<Snapshot> lastSnapshot() {
    return Optional.ofNullable(sleep.snapshot());
  }

  /** The one that was verified before that, and is kept as long as it is the newest but one. */
  Optional<Snapshot> olderSnapshot() {
    return Optional.ofNullable(sleep.before());
  }

  /** Gives out the next generation; to be noted before it is used. */
  int nextGeneration() {
    sleep =
        new SleepRecord(
            sleep.generation() + 1,
            sleep.snapshot(),
            sleep.asleep(),
            sleep.kernelInfo(),
            sleep.before(),
            sleep.removed());
    return sleep.generation();
  }

  /** From the next note on the variables are in that snapshot. */
  void sleepsIn(Snapshot snapshot, ObjectNode kernelInfo) {
    sleep = new SleepRecord(sleep.generation(), snapshot, true, kernelInfo, sleep.snapshot(), null);
  }

  /** From the next note on there is no older snapshot. */
  void dropsOlder() {
    sleep =
        new SleepRecord(
            sleep.generation(), sleep.snapshot(), sleep.asleep(), sleep.kernelInfo(), null, null);
  }

  /**
   * From the next note on the variables are in the process.
   *
   * @param from what they were restored from; one that is newer is good for nothing
   */
  void isAwake(Snapshot from) {
    Snapshot older = from.equals(sleep.before()) ? null : sleep.before();
    sleep = new SleepRecord(sleep.generation(), from, false, null, older, null);
  }

  /** From the next note on the variables are gone, saved ones too. */
  void forgets() {
    sleep = new SleepRecord(sleep.generation(), null, false, null, null, null);
  }

  /** From the next note on a sleeping kernel has no snapshot any more, for that reason. */
  void lostSnapshot(String why) {
    sleep =
        new SleepRecord(sleep.generation(), sleep.snapshot(), true, sleep.kernelInfo(), null, why);
  }

  /** Why a sleeping kernel's snapshot is not there any more; empty while it is. */
  Optional<String> removed() {
    return Optional.ofNullable(sleep.removed());
  }

  /** How the kernel is noted. From any thread. */
  Optional<KernelRecord> noted() {
    return Optional.ofNullable(written);
  }

  void note(@Nullable ProcessRecord process, boolean answered) {
    write(identity.record(process, answered, null, false, sleep, held()));
  }

  void noteDead(String why) {
    write(identity.record(null, false, why, false, sleep, held()));
  }

  void noteEnding(@Nullable ProcessRecord process) {
    write(identity.record(process, true, null, true, sleep, held()));
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
