// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelSleep;
import io.elasticjupyter.api.KernelSpec;
import io.elasticjupyter.api.KernelSpec.OperatingMode;
import io.elasticjupyter.api.KernelStatus;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.hibernation.PinnedSleep;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.hibernation.SnapshotReport;
import io.elasticjupyter.kernels.provisioner.kubernetes.SleepOfResource.Kind;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SleepOfResourceTest {

  private static final ObjectNode INFO =
      JsonNodeFactory.instance.objectNode().put("implementation", "ipython");
  private static final PinnedSleep SLEEP =
      new PinnedSleep(
          new Snapshot(
              3,
              "digest",
              Instant.parse("2026-11-28T13:00:00Z"),
              new SnapshotReport(
                  7,
                  List.of(),
                  List.of(),
                  List.of(new SnapshotReport.Entry("conn", "socket", "a socket")),
                  1_000,
                  10)),
          INFO);

  private static JupyterKernel kernel(
      int run, OperatingMode mode, Stage stage, @Nullable KernelSleep sleep) {
    return kernel(run, mode, stage, sleep, null);
  }

  private static JupyterKernel kernel(
      int run,
      OperatingMode mode,
      Stage stage,
      @Nullable KernelSleep sleep,
      @Nullable String leavesAt) {
    JupyterKernel kernel = new JupyterKernel();
    kernel.setMetadata(
        new ObjectMetaBuilder().withLabels(Map.of(Labels.KERNEL_SPEC, "python3")).build());
    kernel.setSpec(new KernelSpec(null, "gw", "python3", "id", "ada", Map.of(), run, mode));
    kernel.setStatus(
        new KernelStatus(
            null, null, run, null, null, null, stage, null, null, null, leavesAt, null, sleep,
            null));
    return kernel;
  }

  private static KernelSleep asleep() {
    return SleepOfResource.pinned(SLEEP, 2);
  }

  @Test
  void whatIsPinnedIsFoundAgain() {
    JupyterKernel kernel = kernel(2, OperatingMode.HIBERNATED, Stage.HIBERNATED, asleep());
    JupyterKernel read = Serialization.unmarshal(Serialization.asJson(kernel), JupyterKernel.class);

    PinnedSleep found = SleepOfResource.of(read).orElseThrow();

    assertThat(found.kernelInfo()).isEqualTo(INFO);
    assertThat(found.snapshot().generation()).isEqualTo(3);
    assertThat(found.snapshot().digest()).isEqualTo("digest");
    assertThat(found.snapshot().savedAt()).isEqualTo(SLEEP.snapshot().savedAt());
    assertThat(found.snapshot().report().kept()).isEqualTo(7);
    assertThat(found.snapshot().report().lost())
        .extracting(SnapshotReport.Entry::name)
        .containsExactly("conn (a socket)");
  }

  @Test
  void aSnapshotWhosePodWasLetRunOnIsNotTheVariables() {
    assertThat(SleepOfResource.of(kernel(2, OperatingMode.RUNNING, Stage.RUNNING, asleep())))
        .isEmpty();
  }

  @Test
  void aKernelThatIsBeingWokenStillSleeps() {
    assertThat(SleepOfResource.of(kernel(3, OperatingMode.RUNNING, Stage.STARTING, asleep())))
        .isPresent();
  }

  @Test
  void aKernelThatWasWokenIsAwake() {
    KernelSleep sleep =
        new KernelSleep(false, 2, 3, "digest", "2026-11-28T13:00:00Z", 1L, 1, null, null, null);
    assertThat(SleepOfResource.of(kernel(3, OperatingMode.RUNNING, Stage.RUNNING, sleep)))
        .isEmpty();
  }

  @Test
  void whatNoGatewayWroteIsNoSnapshot() {
    KernelSleep odd = new KernelSleep(true, 2, 0, "digest", "yesterday", 1L, 1, null, null, null);
    assertThat(SleepOfResource.of(kernel(2, OperatingMode.HIBERNATED, Stage.RUNNING, odd)))
        .isEmpty();
  }

  @Test
  void anAccountIsFoundAgainToTheSecond() {
    JupyterKernel kernel = kernel(2, OperatingMode.RUNNING, Stage.RUNNING, null);
    assertThat(SleepOfResource.held(kernel)).isEqualTo(HeldTime.NOTHING);

    kernel.setStatus(
        new KernelStatus(
            null,
            null,
            2,
            null,
            null,
            null,
            Stage.RUNNING,
            null,
            null,
            null,
            null,
            null,
            null,
            SleepOfResource.written(new HeldTime(1_900, 2_000, 0))));

    assertThat(SleepOfResource.held(kernel)).isEqualTo(new HeldTime(1_000, 2_000, 0));
  }

  @Test
  void somebodyWishesByTheMode() {
    JupyterKernel running = kernel(2, OperatingMode.RUNNING, Stage.RUNNING, null);
    JupyterKernel wished = kernel(2, OperatingMode.HIBERNATED, Stage.RUNNING, null);
    JupyterKernel asleep = kernel(2, OperatingMode.HIBERNATED, Stage.HIBERNATED, asleep());
    JupyterKernel toWake = kernel(2, OperatingMode.RUNNING, Stage.HIBERNATED, asleep());
    JupyterKernel woken = kernel(3, OperatingMode.RUNNING, Stage.STARTING, asleep());
    JupyterKernel fallsAsleep = kernel(2, OperatingMode.RUNNING, Stage.RUNNING, asleep());

    assertThat(SleepOfResource.wish(running)).isEmpty();
    assertThat(SleepOfResource.wish(wished)).contains(Kind.HIBERNATE);
    assertThat(SleepOfResource.wish(asleep)).isEmpty();
    assertThat(SleepOfResource.wish(toWake)).contains(Kind.WAKE);
    assertThat(SleepOfResource.wish(woken)).as("the gateway's own doing").isEmpty();
    assertThat(SleepOfResource.wish(fallsAsleep)).as("pinned, and its Pod is there").isEmpty();
  }

  @Test
  void aPodThatIsToGoIsAWishToSaveWhateverElseIsWished() {
    String soon = "2026-11-28T13:01:00Z";
    JupyterKernel leaves = kernel(2, OperatingMode.RUNNING, Stage.RUNNING, null, soon);
    JupyterKernel asWell = kernel(2, OperatingMode.HIBERNATED, Stage.RUNNING, null, soon);
    JupyterKernel saved = kernel(2, OperatingMode.HIBERNATED, Stage.RUNNING, asleep(), soon);

    assertThat(SleepOfResource.wish(leaves)).contains(Kind.LEAVE);
    assertThat(SleepOfResource.leavesAt(leaves)).contains(Instant.parse(soon));
    assertThat(SleepOfResource.wish(asWell)).contains(Kind.LEAVE);
    assertThat(SleepOfResource.wish(saved)).isEmpty();
    leaves.setSpec(KernelResource.with(leaves.getSpec(), 3, OperatingMode.RUNNING));
    assertThat(SleepOfResource.wish(leaves)).as("of a run that is over").isEmpty();
  }

  @Test
  void aKernelspecThatItWasNotStartedFromIsAWishToMove() {
    JupyterKernel kernel = kernel(2, OperatingMode.RUNNING, Stage.RUNNING, null);
    kernel.getMetadata().setLabels(Map.of(Labels.KERNEL_SPEC, "cpu"));
    assertThat(SleepOfResource.wish(kernel)).contains(Kind.MOVE);

    kernel.getMetadata().setLabels(Map.of(Labels.KERNEL_SPEC, "python3"));
    assertThat(SleepOfResource.wish(kernel)).isEmpty();

    kernel.getMetadata().setLabels(Map.of());
    assertThat(SleepOfResource.wish(kernel)).as("made by hand").isEmpty();
  }

  @Test
  void aWishThatIsRefusedLeavesWhatTheKernelIs() {
    JupyterKernel wished = kernel(2, OperatingMode.HIBERNATED, Stage.RUNNING, null);
    JupyterKernel asleep = kernel(2, OperatingMode.RUNNING, Stage.HIBERNATED, asleep());

    assertThat(KernelResource.asItIs(wished, "cpu"))
        .returns(OperatingMode.RUNNING, KernelSpec::operatingMode)
        .returns("cpu", KernelSpec::kernelSpec)
        .returns(2, KernelSpec::run);
    assertThat(KernelResource.asItIs(asleep, "cpu"))
        .returns(OperatingMode.HIBERNATED, KernelSpec::operatingMode);
  }
}
