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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PodProcessTest {

  private int stops;
  private final PodProcess process = new PodProcess(2, "the-key", "python3", () -> stops++);

  private static JupyterKernel wanted(int run) {
    JupyterKernel kernel = new JupyterKernel();
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
    process.gone();

    assertThat(process.exited().join().told()).contains("was deleted by somebody");
  }

  @Test
  void keepsItsFirstEnd() {
    process.seen(at(2, Stage.ENDED, "It ran out of memory.", null, 137));
    process.gone();

    assertThat(process.exited().join().told()).isEqualTo("It ran out of memory.");
  }

  @Test
  void asksForItsPodsEndOnlyWhileItLives() {
    process.terminate();
    process.gone();
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
