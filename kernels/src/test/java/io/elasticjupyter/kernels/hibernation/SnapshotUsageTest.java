// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage.Allowance;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage.Limit;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SnapshotUsageTest {

  private static final long MEGA = 1_000_000;

  private static SnapshotUsage usage(long perUser, long total, int sleepersOfUser, int sleepers) {
    return new SnapshotUsage(
        new SnapshotLimits(
            perUser * MEGA, total * MEGA, Duration.ofDays(1), sleepersOfUser, sleepers));
  }

  private static KernelId kernel() {
    return new KernelId(UUID.randomUUID().toString());
  }

  @Test
  void theTightestLimitIsNamedWithWhatIsLeftOfIt() {
    SnapshotUsage usage = usage(100, 150, 0, 0);
    assertThat(usage.allowance(kernel(), "ann", 30 * MEGA))
        .isEqualTo(new Allowance(30 * MEGA, Limit.SNAPSHOT, "One snapshot may take 30 MB here."));

    usage.note(kernel(), "ann", 80 * MEGA, true);
    assertThat(usage.allowance(kernel(), "ann", 30 * MEGA))
        .isEqualTo(
            new Allowance(
                20 * MEGA,
                Limit.USER,
                "Here snapshots of one user may take 100 MB, and 20 MB are left."));
    assertThat(usage.allowance(kernel(), "bob", 30 * MEGA).limit()).isEqualTo(Limit.SNAPSHOT);

    usage.note(kernel(), "bob", 60 * MEGA, false);
    assertThat(usage.allowance(kernel(), "ann", 30 * MEGA).limit()).isEqualTo(Limit.GATEWAY);
    assertThat(usage.allowance(kernel(), "ann", 30 * MEGA).bytes()).isEqualTo(10 * MEGA);
  }

  @Test
  void aKernelsOwnSnapshotIsReplacedAndDoesNotStandAgainstTheNext() {
    SnapshotUsage usage = usage(100, 0, 1, 0);
    KernelId kernel = kernel();
    usage.note(kernel, "ann", 90 * MEGA, true);

    assertThat(usage.allowance(kernel, "ann", 95 * MEGA).bytes()).isEqualTo(95 * MEGA);
    assertThat(usage.allowance(kernel(), "ann", 95 * MEGA).isNone()).isTrue();
  }

  @Test
  void whoIsNotNamedHasNoLimitOfTheirOwn() {
    SnapshotUsage usage = usage(1, 0, 1, 0);
    usage.note(kernel(), "", 5 * MEGA, true);

    assertThat(usage.allowance(kernel(), "", 9 * MEGA).bytes()).isEqualTo(9 * MEGA);
  }

  @Test
  void zeroIsNoLimit() {
    SnapshotUsage usage = usage(0, 0, 0, 0);
    usage.note(kernel(), "ann", Long.MAX_VALUE >> 2, true);

    Allowance allowed = usage.allowance(kernel(), "ann", 0);
    assertThat(allowed.bytes()).isGreaterThan(Long.MAX_VALUE >> 2);
    assertThat(Math.addExact(allowed.bytes(), Integer.MAX_VALUE)).isPositive();
    assertThat(usage.admit(kernel(), "ann", Long.MAX_VALUE >> 2)).isEmpty();
  }

  @Test
  void sleepersAreCountedAndThoseWhoWokeAreNot() {
    SnapshotUsage usage = usage(0, 0, 1, 2);
    KernelId first = kernel();
    usage.note(first, "ann", MEGA, true);
    assertThat(usage.allowance(kernel(), "ann", MEGA).limit()).isEqualTo(Limit.SLEEPERS_OF_USER);
    assertThat(usage.allowance(kernel(), "ann", MEGA).sentence())
        .isEqualTo(
            "Here 1 kernels of one user may sleep, and no more fits. Wake or end a kernel that"
                + " sleeps, and try again.");
    usage.note(kernel(), "bob", MEGA, true);
    assertThat(usage.allowance(kernel(), "eve", MEGA).limit()).isEqualTo(Limit.SLEEPERS);

    usage.note(first, "ann", MEGA, false);
    assertThat(usage.allowance(kernel(), "ann", MEGA).isNone()).isFalse();
    usage.forget(first);
    assertThat(usage.totals().sleeping()).isEqualTo(1);
  }

  @Test
  void ofTwoSavesAtOnceTheSecondIsNotAdmittedWhereOneFits() {
    SnapshotUsage usage = usage(0, 100, 0, 0);
    KernelId one = kernel();
    KernelId two = kernel();
    assertThat(usage.allowance(one, "ann", 70 * MEGA).bytes()).isEqualTo(70 * MEGA);
    assertThat(usage.allowance(two, "bob", 70 * MEGA).bytes()).isEqualTo(70 * MEGA);

    assertThat(usage.admit(one, "ann", 70 * MEGA)).isEmpty();
    assertThat(usage.admit(two, "bob", 70 * MEGA))
        .hasValueSatisfying(against -> assertThat(against.limit()).isEqualTo(Limit.GATEWAY));
    assertThat(usage.totals().bytes()).isEqualTo(70 * MEGA);
    assertThat(usage.totals().fullestUserBytes()).isEqualTo(70 * MEGA);
  }
}
