// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelHeld;
import io.elasticjupyter.api.KernelSleep;
import io.elasticjupyter.api.KernelSpec.OperatingMode;
import io.elasticjupyter.api.KernelStatus;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.hibernation.PinnedSleep;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.hibernation.SnapshotReport;
import io.elasticjupyter.kernels.hibernation.SnapshotReport.Entry;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a JupyterKernel says of its kernel's hibernation, in both directions. Pure. */
final class SleepOfResource {

  private static final int MOST_NAMES = 20;
  private static final long MILLIS = 1_000;

  private SleepOfResource() {}

  /** What is written when a kernel falls asleep. */
  static KernelSleep pinned(PinnedSleep sleep, int run) {
    Snapshot snapshot = sleep.snapshot();
    SnapshotReport report = snapshot.report();
    return new KernelSleep(
        true,
        run,
        snapshot.generation(),
        snapshot.digest(),
        snapshot.savedAt().toString(),
        report.bytes(),
        report.kept(),
        report.lost().stream().limit(MOST_NAMES).map(Entry::sentence).toList(),
        "",
        sleep.kernelInfo());
  }

  /**
   * What the kernel's variables are in; empty where they are in its Pod. A snapshot that was noted
   * while the Pod was let run on says nothing: it is older than the Pod.
   */
  static Optional<PinnedSleep> of(JupyterKernel kernel) {
    return isAsleep(kernel)
        ? KernelSleep.of(kernel.getStatus()).flatMap(SleepOfResource::read)
        : Optional.empty();
  }

  private static Optional<PinnedSleep> read(KernelSleep sleep) {
    try {
      return Optional.of(
          new PinnedSleep(
              new Snapshot(
                  Objects.requireNonNullElse(sleep.generation(), 0),
                  Objects.requireNonNullElse(sleep.digest(), ""),
                  Instant.parse(Objects.requireNonNullElse(sleep.savedAt(), "")),
                  report(sleep)),
              Objects.requireNonNullElseGet(
                  sleep.kernelInfo(), JsonNodeFactory.instance::objectNode)));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      // Nobody but a gateway writes it; what somebody else wrote is no snapshot.
      return Optional.empty();
    }
  }

  private static SnapshotReport report(KernelSleep sleep) {
    List<Entry> lost =
        Objects.requireNonNullElse(sleep.lost(), List.<String>of()).stream()
            .map(each -> new Entry(each, "", ""))
            .toList();
    return new SnapshotReport(
        Objects.requireNonNullElse(sleep.kept(), 0),
        List.of(),
        List.of(),
        lost,
        Objects.requireNonNullElse(sleep.bytes(), 0L),
        0);
  }

  /** A kernel's account, as it is written. */
  static KernelHeld written(HeldTime held) {
    return new KernelHeld(
        held.busyMillis() / MILLIS, held.idleMillis() / MILLIS, held.givenBackMillis() / MILLIS);
  }

  /** A kernel's account, as an earlier gateway wrote it. */
  static HeldTime held(JupyterKernel kernel) {
    KernelHeld held = kernel.getStatus() == null ? null : kernel.getStatus().held();
    return held == null
        ? HeldTime.NOTHING
        : new HeldTime(
            millis(held.busySeconds()),
            millis(held.idleSeconds()),
            millis(held.givenBackSeconds()));
  }

  private static long millis(@Nullable Long seconds) {
    return seconds == null ? 0 : Math.max(0, seconds) * MILLIS;
  }

  /** When the Pod of the kernel's run is ended at the latest, which is to go. */
  static Optional<Instant> leavesAt(JupyterKernel kernel) {
    KernelStatus status = kernel.getStatus();
    return status == null || !Objects.equals(status.run(), KernelResource.run(kernel))
        ? Optional.empty()
        : Optional.ofNullable(status.leavesAt()).map(Instant::parse);
  }

  static boolean isAsleep(JupyterKernel kernel) {
    Optional<KernelSleep> sleep = KernelSleep.of(kernel.getStatus());
    return sleep.isPresent()
        && (KernelResource.run(kernel) > Objects.requireNonNullElse(sleep.get().run(), 0)
            || kernel.getSpec().operatingMode() == OperatingMode.HIBERNATED
            || kernel.getStatus().stage() == Stage.HIBERNATED);
  }

  /** What somebody wishes of a kernel, as its resource has it. */
  enum Kind {
    LEAVE,
    HIBERNATE,
    WAKE,
    MOVE
  }

  /**
   * What is wished and not done yet. A gateway writes the label of the kernelspec together with the
   * kernelspec that it starts from, and asks for another run when it wakes a kernel, so that none
   * of its own writes looks like somebody's wish.
   */
  static Optional<Kind> wish(JupyterKernel kernel) {
    if (leavesAt(kernel).isPresent() && !isAsleep(kernel)) {
      return Optional.of(Kind.LEAVE);
    }
    OperatingMode mode = kernel.getSpec().operatingMode();
    String started = kernel.getMetadata().getLabels().get(Labels.KERNEL_SPEC);
    String wanted = kernel.getSpec().kernelSpec();
    if (started != null && wanted != null && !started.equals(Labels.value(wanted))) {
      return Optional.of(Kind.MOVE);
    }
    if (mode == OperatingMode.HIBERNATED && !isAsleep(kernel)) {
      return Optional.of(Kind.HIBERNATE);
    }
    boolean ofTheSavedRun =
        KernelSleep.of(kernel.getStatus())
            .filter(sleep -> Objects.equals(sleep.run(), KernelResource.run(kernel)))
            .isPresent();
    return mode == OperatingMode.RUNNING && ofTheSavedRun && isAsleep(kernel)
        ? Optional.of(Kind.WAKE)
        : Optional.empty();
  }
}
