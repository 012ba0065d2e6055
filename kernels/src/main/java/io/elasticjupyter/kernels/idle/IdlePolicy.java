// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.idle;

import java.time.Duration;
import java.time.Instant;

/** Decides whether a kernel is idle. Pure: the same facts and time give the same verdict. */
public final class IdlePolicy {

  private IdlePolicy() {}

  /** What the rule says of a kernel. */
  public sealed interface Verdict {

    /** It stays. */
    record Keep(Why why) implements Verdict {}

    /**
     * It stays until then, or longer if something happens.
     *
     * @param due from when on it is idle
     */
    record KeepUntil(Why why, Instant due) implements Verdict {}

    /**
     * It is idle.
     *
     * @param idleFor how long
     * @param allowed how long it may be
     */
    record Idle(Duration idleFor, Duration allowed) implements Verdict {}
  }

  /** Why a kernel stays. */
  public enum Why {
    RULE_IS_OFF,
    BUSY,
    CONNECTED,
    STARTED_LATELY,
    ACTIVE_LATELY
  }

  /** The verdict at {@code now}. */
  public static Verdict judge(IdleSettings settings, IdleFacts facts, Instant now) {
    if (settings.timeout().isZero()) {
      return new Verdict.Keep(Why.RULE_IS_OFF);
    }
    if (facts.busy() && !settings.busy()) {
      return new Verdict.Keep(Why.BUSY);
    }
    if (facts.connections() > 0 && !settings.connected()) {
      return new Verdict.Keep(Why.CONNECTED);
    }
    Instant hasRun = facts.runningSince().plus(settings.minimumRunTime());
    if (now.isBefore(hasRun)) {
      return new Verdict.KeepUntil(Why.STARTED_LATELY, hasRun);
    }
    Instant last =
        facts.lastActivity().isAfter(facts.runningSince())
            ? facts.lastActivity()
            : facts.runningSince();
    Duration idleFor = Duration.between(last, now);
    if (idleFor.compareTo(settings.timeout()) <= 0) {
      return new Verdict.KeepUntil(Why.ACTIVE_LATELY, last.plus(settings.timeout()).plusMillis(1));
    }
    return new Verdict.Idle(idleFor, settings.timeout());
  }
}
