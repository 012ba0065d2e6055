// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import io.elasticjupyter.kernels.KernelId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/**
 * What the snapshots of a gateway's kernels take, and what is left of its limits. Safe for any
 * thread.
 */
public final class SnapshotUsage {

  /** As good as; and something can be added to it. */
  private static final long UNLIMITED = Long.MAX_VALUE >> 1;

  private final SnapshotLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<KernelId, Taken> kernels = new HashMap<>();

  public SnapshotUsage(SnapshotLimits limits) {
    this.limits = limits;
  }

  private record Taken(String user, long bytes, boolean asleep) {}

  /** Which limit stands against a snapshot; the stable names are labels of metrics. */
  public enum Limit {
    SNAPSHOT("snapshot"),
    USER("user"),
    GATEWAY("gateway"),
    SLEEPERS_OF_USER("sleepers_of_user"),
    SLEEPERS("sleepers");

    private final String label;

    Limit(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /**
   * How much one snapshot may have now.
   *
   * @param limit the one that allows least
   * @param sentence it and what is left of it, for the kernel's user
   */
  public record Allowance(long bytes, Limit limit, String sentence) {

    /** Whether not even a small one may be saved. */
    public boolean isNone() {
      return bytes <= 0;
    }
  }

  /**
   * All of it, for whoever watches.
   *
   * @param sleeping kernels
   * @param bytes of all snapshots
   * @param fullestUserBytes of those of the user who has most
   */
  public record Totals(int sleeping, long bytes, long fullestUserBytes, SnapshotLimits limits) {}

  /**
   * What a new snapshot of a kernel may have, in place of those that it has.
   *
   * @param mostOfOne the largest snapshot of one kernel; zero is no limit
   */
  public Allowance allowance(KernelId kernel, String user, long mostOfOne) {
    lock.lock();
    try {
      return allowed(kernel, user, mostOfOne);
    } finally {
      lock.unlock();
    }
  }

  private Allowance allowed(KernelId kernel, String user, long mostOfOne) {
    Map<KernelId, Taken> others = new HashMap<>(kernels);
    others.remove(kernel);
    Allowance least =
        new Allowance(
            mostOfOne == 0 ? UNLIMITED : mostOfOne,
            Limit.SNAPSHOT,
            "One snapshot may take %s here.".formatted(Sizes.words(mostOfOne)));
    ToLongFunction<Taken> own = each -> each.user().equals(user) ? 1 : 0;
    if (!user.isEmpty()) {
      least =
          less(
              least,
              left(
                  limits.bytesPerUser(), sum(others, each -> own.applyAsLong(each) * each.bytes())),
              Limit.USER,
              "snapshots of one user may take %s".formatted(Sizes.words(limits.bytesPerUser())));
      least =
          less(
              least,
              room(
                  limits.kernelsPerUser(),
                  sum(others, each -> each.asleep() ? own.applyAsLong(each) : 0)),
              Limit.SLEEPERS_OF_USER,
              "%,d kernels of one user may sleep".formatted(limits.kernelsPerUser()));
    }
    least =
        less(
            least,
            left(limits.bytes(), sum(others, Taken::bytes)),
            Limit.GATEWAY,
            "all snapshots may take %s".formatted(Sizes.words(limits.bytes())));
    return less(
        least,
        room(limits.kernels(), sum(others, each -> each.asleep() ? 1 : 0)),
        Limit.SLEEPERS,
        "%,d kernels may sleep".formatted(limits.kernels()));
  }

  private static Allowance less(Allowance before, long bytes, Limit limit, String what) {
    if (bytes >= before.bytes()) {
      return before;
    }
    String sentence =
        bytes <= 0
            ? "Here %s, and no more fits. Wake or end a kernel that sleeps, and try again."
                .formatted(what)
            : "Here %s, and %s are left.".formatted(what, Sizes.words(bytes));
    return new Allowance(Math.max(0, bytes), limit, sentence);
  }

  private static long left(long limit, long taken) {
    return limit == 0 ? Long.MAX_VALUE : limit - taken;
  }

  private static long room(int limit, long taken) {
    return limit == 0 || taken < limit ? Long.MAX_VALUE : 0;
  }

  private static long sum(Map<KernelId, Taken> kernels, ToLongFunction<Taken> what) {
    return kernels.values().stream().mapToLong(what).sum();
  }

  /**
   * Counts a snapshot that was saved, unless others have taken its room meanwhile.
   *
   * @return what stands against it; empty where it counts now
   */
  public Optional<Allowance> admit(KernelId kernel, String user, long bytes) {
    lock.lock();
    try {
      Allowance allowed = allowed(kernel, user, Long.MAX_VALUE);
      if (bytes > allowed.bytes()) {
        return Optional.of(allowed);
      }
      kernels.put(kernel, new Taken(user, bytes, true));
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Notes what a kernel's snapshots take in truth. */
  public void note(KernelId kernel, String user, long bytes, boolean asleep) {
    lock.lock();
    try {
      kernels.put(kernel, new Taken(user, bytes, asleep));
    } finally {
      lock.unlock();
    }
  }

  /** A kernel and its snapshots are gone. */
  public void forget(KernelId kernel) {
    lock.lock();
    try {
      kernels.remove(kernel);
    } finally {
      lock.unlock();
    }
  }

  /** All of it. */
  public Totals totals() {
    lock.lock();
    try {
      Map<String, Long> users = new HashMap<>();
      kernels.values().stream()
          .filter(each -> !each.user().isEmpty())
          .forEach(each -> users.merge(each.user(), each.bytes(), Long::sum));
      return new Totals(
          (int) sum(kernels, each -> each.asleep() ? 1 : 0),
          sum(kernels, Taken::bytes),
          users.values().stream().mapToLong(Long::longValue).max().orElse(0),
          limits);
    } finally {
      lock.unlock();
    }
  }
}
