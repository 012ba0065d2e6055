// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelPorts;
import io.elasticjupyter.api.KernelSpec;
import io.elasticjupyter.api.KernelSpec.OperatingMode;
import io.elasticjupyter.api.KernelStatus;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.provisioner.ExitReport;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PodProcessTest {

  private int stops;
  private final PodProcess process =
      new PodProcess("the-uid", 2, "the-key", "python3", () -> stops++);

  private static JupyterKernel wanted(int run) {
    return wanted("the-uid", run);
  }

  private static JupyterKernel wanted(String uid, int run) {
    JupyterKernel kernel = new JupyterKernel();
    kernel.setMetadata(new ObjectMetaBuilder().withUid(uid).build());
    kernel.setSpec(
        new KernelSpec(null, "gw", "python3", "id", "ada", Map.of(), run, OperatingMode.RUNNING));
    return kernel;
  }

  private static JupyterKernel at(
      int run, Stage stage, String message, @Nullable String ip, @Nullable Integer exitCode) {
    JupyterKernel kernel = wanted(2);
    kernel.setStatus(new KernelStatus(null, null, run, null, ip, stage, null, message, exitCode));
    return kernel;
  }

  private static JupyterKernel at(int run, Stage stage) {
    return at(run, stage, "A sentence.", null, null);
  }

  @Test
  void listensOnTheFixedPortsOfItsPodAsSoonAsThatHasAnAddress() throws InterruptedException {
    List<String> told = new ArrayList<>();
    process.seen(at(2, Stage.STARTING, "The container starts.", "10.0.0.7", null));

    process.awaitAddress(told::add);

    assertThat(told).isEmpty();
    assertThat(process.connection().ip()).isEqualTo("10.0.0.7");
    assertThat(process.connection().shellPort()).isEqualTo(KernelPorts.SHELL);
    assertThat(process.connection().key()).isEqualTo("the-key");
  }

  @Test
  void isBeingPreparedUntilItsContainerRunsAlsoWhereItHasAnAddress() {
    process.seen(at(2, Stage.PULLING_IMAGE, "The image is pulled.", "10.0.0.7", null));
    assertThat(process.preparing()).contains("The image is pulled");

    process.seen(at(2, Stage.RUNNING, "It runs.", "10.0.0.7", null));
    assertThat(process.preparing()).isEmpty();
  }

  @Test
  void endsWithTheOperatorsSentenceAndExitCode() {
    process.seen(at(2, Stage.ENDED, "It ran out of memory.", null, 137));

    assertThat(process.isAlive()).isFalse();
    assertThat(process.exited())
        .isCompletedWithValue(
            new ExitReport(OptionalInt.of(137), Optional.of("It ran out of memory.")));
  }

  @Test
  void awaitingAnAddressReturnsWhenThereWillBeNone() throws InterruptedException {
    process.seen(at(2, Stage.ENDED, "There is no such image.", null, null));

    process.awaitAddress(stage -> {
      throw new AssertionError("told: " + stage);
    });

    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void overlooksWhatIsToldOfTheRunBefore() {
    process.seen(at(1, Stage.ENDED));
    process.seen(at(1, Stage.STOPPED));

    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void overlooksAResourceThatTheOperatorHasNotSeenYet() {
    process.seen(wanted(2));

    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void endsWhenItsPodIsStopped() {
    process.seen(at(2, Stage.STOPPED));

    assertThat(process.exited().join().told()).isEqualTo("The kernel's Pod was stopped.");
  }

  @Test
  void endsWhenSomebodyElseStartsTheKernelAnew() {
    process.seen(wanted(3));

    assertThat(process.exited().join().told()).contains("somebody else");
  }

  @Test
  void endsWithItsResource() {
    process.gone(wanted(2));

    assertThat(process.exited().join().told()).contains("JupyterKernel was deleted");
    assertThat(process.exited().join().wanted()).isTrue();
  }

  @Test
  void overlooksAnEarlierResourceOfItsName() {
    process.gone(wanted("of-one-before", 2));
    process.seen(wanted("of-one-before", 3));

    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void keepsItsFirstEnd() {
    process.seen(at(2, Stage.ENDED, "It ran out of memory.", null, 137));
    process.gone(wanted(2));

    assertThat(process.exited().join().told()).isEqualTo("It ran out of memory.");
  }

  @Test
  void asksForItsPodsEndOnlyWhileItLives() {
    process.terminate();
    process.gone(wanted(2));
    process.kill();

    assertThat(stops).isEqualTo(1);
  }

  @Test
  void takesNoSignal() {
    assertThatThrownBy(process::interrupt).isInstanceOf(KernelFailure.InterruptFailed.class);
  }

  @Test
  void isFoundAgainByItsRun() {
    assertThat(process.record().pid()).isEqualTo(2);
  }
}
