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
import io.elasticjupyter.api.LaunchMode;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.callback.AwaitedKernels.Verdict;
import io.elasticjupyter.kernels.callback.KernelAnswer;
import io.elasticjupyter.kernels.provisioner.ExitReport;
import io.elasticjupyter.wire.connection.ConnectionInfo;
import io.elasticjupyter.wire.connection.Transport;
import io.elasticjupyter.wire.message.Signer;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PodProcessTest {

  private int stops;
  private int hibernations;
  private final List<KernelAnswer> kept = new ArrayList<>();
  private final PodProcess process =
      new PodProcess(
          "the-uid",
          new KernelId("219cfd49-89ad-428c-8e0d-3e61e15d79a7"),
          2,
          "the-key",
          "python3",
          Duration.ofMillis(50),
          new PodProcess.Asker() {
            @Override
            public void stop() {
              stops++;
            }

            @Override
            public void hibernate() {
              hibernations++;
            }

            @Override
            public void keep(KernelAnswer answer) {
              kept.add(answer);
            }
          });

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
    return at(run, stage, message, ip, LaunchMode.DIRECT, exitCode);
  }

  private static JupyterKernel at(
      int run,
      Stage stage,
      String message,
      @Nullable String ip,
      LaunchMode launchMode,
      @Nullable Integer exitCode) {
    JupyterKernel kernel = wanted(2);
    kernel.setStatus(
        new KernelStatus(
            null,
            null,
            run,
            null,
            ip,
            launchMode,
            stage,
            null,
            message,
            exitCode,
            null,
            null,
            null,
            null));
    return kernel;
  }

  private static JupyterKernel callback(Stage stage, @Nullable String ip) {
    return at(2, stage, "The kernel's Pod runs.", ip, LaunchMode.CALLBACK, null);
  }

  private static KernelAnswer answer(String key, int signalPort) {
    return new KernelAnswer(
        new KernelId("219cfd49-89ad-428c-8e0d-3e61e15d79a7"),
        new ConnectionInfo(
            Transport.TCP, "0.0.0.0", 1, 2, 3, 4, 5, key, Signer.DEFAULT_SCHEME, "python3"),
        signalPort);
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
  void listensWhereItsLauncherSaysAndIsKeptForTheNextGateway() throws InterruptedException {
    process.seen(callback(Stage.RUNNING, "10.0.0.7"));
    assertThat(process.answered(answer("first", 6), "10.0.0.7")).isEqualTo(Verdict.TAKEN);

    process.awaitAddress(stage -> {});
    process.awaitAddress(stage -> {});

    assertThat(process.connection().ip()).isEqualTo("10.0.0.7");
    assertThat(process.connection().shellPort()).isEqualTo(1);
    assertThat(process.connection().key()).isEqualTo("first");
    assertThat(kept).containsExactly(answer("first", 6));
    assertThat(process.answered(answer("replayed", 6), "10.0.0.7"))
        .isEqualTo(Verdict.ANSWERED_BEFORE);
    assertThat(process.connection().key()).isEqualTo("first");
  }

  @Test
  void ofThoseWhoAnswerBeforeItsAddressIsKnownItsOwnPodIsBelieved() throws InterruptedException {
    assertThat(process.answered(answer("forged", 6), "10.0.0.66")).isEqualTo(Verdict.TAKEN);
    assertThat(process.answered(answer("true", 6), "10.0.0.7")).isEqualTo(Verdict.TAKEN);
    assertThat(process.answered(answer("late", 6), "10.0.0.7")).isEqualTo(Verdict.ANSWERED_BEFORE);

    process.seen(callback(Stage.STARTING, "10.0.0.7"));
    process.awaitAddress(stage -> {});

    assertThat(process.connection().key()).isEqualTo("true");
  }

  @Test
  void whoeverCallsFromElsewhereIsNotHeard() {
    process.seen(callback(Stage.RUNNING, "10.0.0.7"));

    assertThat(process.answered(answer("forged", 6), "10.0.0.66")).isEqualTo(Verdict.OTHER_ADDRESS);
    assertThat(process.awaitsAnswer()).isTrue();
  }

  @Test
  void aKernelInDirectModeTakesNoAnswer() throws InterruptedException {
    process.seen(at(2, Stage.RUNNING, "It runs.", "10.0.0.7", null));

    assertThat(process.awaitsAnswer()).isFalse();
    assertThat(process.answered(answer("forged", 6), "10.0.0.7"))
        .isEqualTo(Verdict.ANSWERED_BEFORE);
    process.awaitAddress(stage -> {});
    assertThat(process.connection().key()).isEqualTo("the-key");
    assertThat(kept).isEmpty();
  }

  @Test
  void whatAnEarlierGatewayKeptIsEnough() throws InterruptedException {
    process.recall(answer("kept", 0));
    process.seen(callback(Stage.RUNNING, "10.0.0.7"));

    process.awaitAddress(stage -> {});

    assertThat(process.connection().key()).isEqualTo("kept");
    assertThat(kept).isEmpty();
    assertThatThrownBy(process::interrupt).isInstanceOf(KernelFailure.InterruptFailed.class);
  }

  @Test
  void aLauncherThatRunsAndNeverCallsIsEndedInWords() throws InterruptedException {
    process.seen(callback(Stage.RUNNING, "10.0.0.7"));

    process.awaitAddress(stage -> {});

    assertThat(process.exited().join().told()).contains("did not call the gateway");
    assertThat(stops).isEqualTo(1);
  }

  @Test
  void aPodThatIsGivenBackIsNotStopped() {
    process.giveBack();
    process.seen(at(2, Stage.HIBERNATED));
    process.giveBack();

    assertThat(hibernations).isEqualTo(1);
    assertThat(stops).isZero();
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void isFoundAgainByItsRun() {
    assertThat(process.record().pid()).isEqualTo(2);
  }
}
