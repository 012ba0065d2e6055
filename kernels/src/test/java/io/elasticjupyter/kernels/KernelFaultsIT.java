// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.elasticjupyter.kernels.idle.IdleSettings;
import io.elasticjupyter.kernels.log.LogLimits;
import io.elasticjupyter.testkit.KernelSpecFolder;
import io.elasticjupyter.wire.message.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kernels that are slow, silent, forged, deaf or dying. */
@Timeout(120)
class KernelFaultsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private KernelsUnderTest gateway;

  @BeforeEach
  void open() throws Exception {
    gateway = new KernelsUnderTest(folder, KernelSettings.defaults());
    gateway.specs.scripted("scripted");
  }

  @AfterEach
  void close() throws Exception {
    gateway.close();
  }

  private static void awaitState(Kernel kernel, ExecutionState state) {
    Awaitility.await().atMost(PATIENCE).until(() -> kernel.model().executionState() == state);
  }

  private static long number(String text) {
    return Long.parseLong(text.strip());
  }

  private static void awaitGone(long pid) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void aKernelThatNeverAnswersIsDeadAfterItsLaunchTimeoutAndSaysWhy() throws Exception {
    gateway.specs.scripted("silent", "--never-answer", "--complain", "waiting for a licence");
    Kernel kernel = gateway.start("silent", Map.of("KERNEL_LAUNCH_TIMEOUT", "2"));

    try (TestClient client = TestClient.attach(kernel, "one")) {
      TestClient.Received reply = client.awaitReply(client.run("print hello"));

      assertThat(reply.content().path("evalue").asText())
          .contains("did not answer within 2 seconds")
          .contains("waiting for a licence");
    }
    awaitState(kernel, ExecutionState.DEAD);
    assertThat(kernel.model().reason().orElseThrow()).contains("waiting for a licence");
  }

  @Test
  void aCellThatComesWhenTheKernelWaitsAlreadyIsToldForWhat() throws Exception {
    gateway.specs.scripted("silent", "--never-answer");
    Kernel kernel = gateway.start("silent");

    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.await(m -> m.type().equals("stream") && m.parentId().isEmpty());
      String cell = client.run("print hello");

      client.await(m ->
          m.type().equals("stream")
              && m.parentId().equals(cell)
              && m.content().path("text").asText().contains("does not answer yet"));
    }
  }

  @Test
  void aDeadKernelCanBeRestartedByItsUser() throws Exception {
    Path wanted = folder.resolve("wanted");
    KernelSpecFolder.Spec spec = gateway.specs.scriptedSpec("late");
    gateway.specs.add(
        KernelSpecFolder.Spec.of(
            "late",
            List.of(
                "/bin/sh",
                "-c",
                "test -e " + wanted + " && exec \"$@\"",
                "sh",
                spec.argv().get(0),
                spec.argv().get(1),
                "-f",
                "{connection_file}")));
    Kernel kernel = gateway.start("late");
    awaitState(kernel, ExecutionState.DEAD);
    assertThat(wanted.toFile().createNewFile()).isTrue();

    kernel.restart();

    try (TestClient client = TestClient.attach(kernel, "one")) {
      assertThat(client.runToEnd("print alive")).isEqualTo("alive\n");
    }
  }

  @Test
  void aKernelThatIsDeafToEverythingIsKilledWithItsChildren() throws Exception {
    gateway.specs.scripted("deaf", "--ignore-shutdown", "--ignore-term");
    Kernel kernel = gateway.start("deaf");
    long pid;
    long child;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      pid = number(client.runToEnd("pid"));
      child = number(client.runToEnd("child 600"));

      assertThat(gateway.kernels().delete(kernel.id())).isTrue();

      assertThat(client.awaitEnd()).isEqualTo(Delivery.EndReason.KERNEL_DELETED);
      client.await(m -> m.content().path("execution_state").asText().equals("dead"));
    }
    awaitGone(pid);
    awaitGone(child);
    assertThat(gateway.kernels().find(kernel.id())).isEmpty();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> !folder.resolve("state/kernels").resolve(kernel.id().value()).toFile().exists());
  }

  @Test
  void childrenDoNotOutliveAKernelThatEndsInOrder() throws Exception {
    Kernel kernel = gateway.start("scripted");
    long child;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      child = number(client.runToEnd("child 600"));
    }
    gateway.kernels().delete(kernel.id());

    awaitGone(child);
  }

  @Test
  void forgedMessagesAreDroppedAndCountedAndHoldUpNothing() throws Exception {
    Kernel kernel = gateway.start("scripted");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      assertThat(client.runToEnd("print before\nbadsig 5\nprint after"))
          .isEqualTo("before\nafter\n");
    }
    assertThat(gateway.dropped.values().stream().mapToInt(count -> count.get()).sum()).isEqualTo(5);
  }

  @Test
  void aMessageThatIsTooLargeCostsItselfAndNothingElse() throws Exception {
    gateway.reopen(KernelSettings.defaults().withMaxMessageBytes(1 << 20));
    Kernel kernel = gateway.start("scripted");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      assertThat(client.runToEnd("print before\nbig 3\nprint after")).isEqualTo("before\nafter\n");

      client.await(m -> m.content().path("text").asText().contains("more than 1.0 MiB"));
    }
    assertThat(gateway.dropped).containsKey("message-too-large");
  }

  @Test
  void anIdleKernelIsStoppedAndItsClientsAreToldBefore() throws Exception {
    gateway.reopen(
        KernelSettings.defaults()
            .withIdle(
                new IdleSettings(
                    Duration.ofSeconds(1), Duration.ofMillis(100), true, false, Duration.ZERO)));
    Kernel kernel = gateway.start("scripted");
    long pid;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      pid = number(client.runToEnd("pid"));
      assertThat(client.runToEnd("sleep 3\nprint busy kernels are not idle"))
          .isEqualTo("busy kernels are not idle\n");

      assertThat(client.awaitEnd()).isEqualTo(Delivery.EndReason.KERNEL_DELETED);

      List<TestClient.Received> received = client.received();
      int notice = indexOfText(received, "was idle for");
      int dead = indexOfState(received, "dead");
      assertThat(notice).isNotNegative().isLessThan(dead);
    }
    awaitGone(pid);
    assertThat(gateway.kernels().all()).isEmpty();
  }

  private static int indexOfText(List<TestClient.Received> received, String text) {
    return IntStream.range(0, received.size())
        .filter(i -> received.get(i).content().path("text").asText().contains(text))
        .findFirst()
        .orElse(-1);
  }

  private static int indexOfState(List<TestClient.Received> received, String state) {
    return IntStream.range(0, received.size())
        .filter(i -> received.get(i).content().path("execution_state").asText().equals(state))
        .findFirst()
        .orElse(-1);
  }

  @Test
  void aKernelThatHandsNoIdentityOverGoesOnAfterAGatewayRestart() throws Exception {
    gateway.specs.scripted("strict", "--no-handover");
    Kernel kernel = gateway.start("strict");
    String cell;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("set x 5");
      cell = client.run("tick 20 0.1");
      client.await(m -> m.type().equals("stream"));
      gateway.reopen(KernelSettings.defaults());
    }

    Kernel again = gateway.kernels().find(kernel.id()).orElseThrow();
    try (TestClient client = TestClient.attach(again, "one")) {
      client.awaitReply(cell);
      assertThat(client.runToEnd("get x")).isEqualTo("5\n");
    }
  }

  @Test
  void aKernelThatCrashesAgainAndAgainIsGivenUp() throws Exception {
    Kernel kernel = gateway.start("scripted");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("print works");
      for (int i = 0; i < 6; i++) {
        assertThat(client.awaitReply(client.run("crash")).content().path("status").asText())
            .isEqualTo("error");
      }
    }
    awaitState(kernel, ExecutionState.DEAD);
    assertThat(kernel.model().reason().orElseThrow()).contains("6 times in a row");
  }

  @Test
  void aKernelThatAClientAsksToEndStaysEnded() throws Exception {
    Kernel kernel = gateway.start("scripted");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("print works");
      client.send(
          Channel.CONTROL,
          "shutdown_request",
          JsonNodeFactory.instance.objectNode().put("restart", false));
      awaitState(kernel, ExecutionState.DEAD);
    }
    assertThat(kernel.model().reason().orElseThrow()).contains("asked");
  }

  @Test
  void whatExceedsTheHeldLimitIsAnsweredAndTheRestRuns() throws Exception {
    gateway.specs.scripted("slow", "--delay", "2");
    Kernel kernel = gateway.start("slow");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 1_010; i++) {
        ids.add(client.run("print " + i));
      }
      for (int i = 0; i < 1_010; i++) {
        String status = client.awaitReply(ids.get(i)).content().path("status").asText();
        assertThat(status).as("cell %d", i).isEqualTo(i < 1_000 ? "ok" : "error");
      }
    }
  }

  @Test
  void deletingAKernelThatStartsLeavesNoProcess() throws Exception {
    gateway.specs.scripted("slow", "--delay", "600");
    Kernel kernel = gateway.start("slow");
    String connectionFile =
        folder
            .resolve("state/kernels")
            .resolve(kernel.id().value())
            .resolve("connection.json")
            .toString();
    Awaitility.await().atMost(PATIENCE).until(() -> processWith(connectionFile).isPresent());
    long pid = processWith(connectionFile).orElseThrow().pid();

    gateway.kernels().delete(kernel.id());

    awaitGone(pid);
  }

  private static Optional<ProcessHandle> processWith(String argument) {
    return ProcessHandle.allProcesses()
        .filter(process ->
            process
                .info()
                .arguments()
                .filter(arguments -> List.of(arguments).contains(argument))
                .isPresent())
        .findFirst();
  }

  @Test
  void aClientThatTakesNothingHoldsUpNobodyAndIsToldWhatItMissed() throws Exception {
    gateway.reopen(KernelSettings.defaults().withLog(LogLimits.of(256 * 1024, 4 * 1024 * 1024)));
    Kernel kernel = gateway.start("scripted");
    try (Attachment stuck = kernel.attach(Optional.of("stuck"));
        TestClient client = TestClient.attach(kernel, "one")) {
      for (int megabyte = 0; megabyte < 20; megabyte++) {
        assertThat(client.runToEnd("flood 1000 1000").lines().count()).isEqualTo(1_000);
      }

      Delivery first = stuck.take(1 << 20, Duration.ZERO);
      assertThat(first)
          .isInstanceOfSatisfying(
              Delivery.Messages.class,
              batch ->
                  assertThat(new String(batch.messages().getFirst().message().content(), UTF_8))
                      .contains("messages")
                      .contains("are missing here"));
    }
  }

  @Test
  void aQuestionForInputReachesTheOneWhoRanTheCell() throws Exception {
    Kernel kernel = gateway.start("scripted");
    try (TestClient asker = TestClient.attach(kernel, "asker");
        TestClient other = TestClient.attach(kernel, "other")) {
      asker.runToEnd("print ready");
      String cell = asker.run("input name?");
      asker.await(m -> m.type().equals("input_request"));
      asker.send(
          Channel.STDIN, "input_reply", JsonNodeFactory.instance.objectNode().put("value", "Ada"));
      asker.awaitReply(cell);

      assertThat(asker.printed(cell)).isEqualTo("got Ada\n");
      assertThat(other.received()).noneMatch(m -> m.type().equals("input_request"));
      assertThat(other.received()).noneMatch(m -> m.type().equals("execute_reply"));
    }
  }
}
