// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.kernels.store.KernelRecord;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Where a kernel is in its life, which of its starts counts, and how that is noted on disk. Read
 * from any thread; changed by the kernel's own alone.
 */
final class LifeCourse {

  private static final System.Logger LOG = System.getLogger(LifeCourse.class.getName());

  private final KernelIdentity identity;
  private final InstantSource clock;
  private volatile LifeState state = new LifeState.Starting(null, null, false);
  private int attempt;
  private @Nullable KernelRecord written;

  LifeCourse(KernelIdentity identity, InstantSource clock) {
    this.identity = identity;
    this.clock = clock;
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
  }

  void note(@Nullable ProcessRecord process, boolean answered) {
    write(identity.record(process, answered, null, false));
  }

  void noteDead(String why) {
    write(identity.record(null, false, why, false));
  }

  void noteEnding(@Nullable ProcessRecord process) {
    write(identity.record(process, true, null, true));
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
