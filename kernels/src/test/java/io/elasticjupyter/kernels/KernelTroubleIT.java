// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.testkit.KernelSpecFolder;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.elasticjupyter.wire.kernelspec.KernelSpecs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What may happen to kernels at the worst moment: hung, adopted, deleted or with damaged files. */
@Timeout(120)
class KernelTroubleIT {

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

  private Path folderOf(Kernel kernel) {
    return folder.resolve("state/kernels").resolve(kernel.id().value());
  }

  private Kernel again(Kernel kernel) {
    return gateway.kernels().find(kernel.id()).orElseThrow();
  }

  private static void awaitState(Kernel kernel, ExecutionState state) {
    Awaitility.await().atMost(PATIENCE).until(() -> kernel.model().executionState() == state);
  }

  private static void awaitGone(long pid) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  private static void signal(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static long pidOf(TestClient client) throws InterruptedException {
    return Long.parseLong(client.runToEnd("pid").strip());
  }

  @Test
  void aKernelThatHangsCanBeDeletedAlthoughItTakesNothingMore() throws Exception {
    Kernel kernel = gateway.start("scripted");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      long pid = pidOf(client);
      signal("STOP", pid);
      Thread flood =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < 100; i++) {
                    client.run("print " + "x".repeat(1_000_000));
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      Awaitility.await().atMost(PATIENCE).until(() -> flood.getState() == Thread.State.WAITING);

      gateway.kernels().delete(kernel.id());

      awaitGone(pid);
      assertThat(client.awaitEnd()).isEqualTo(Delivery.EndReason.KERNEL_DELETED);
      flood.join();
    }
  }

  @Test
  void anAdoptedKernelThatCrashesIsStartedAgainLikeAnyOther() throws Exception {
    Kernel kernel = gateway.start("scripted");
    long pid;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      pid = pidOf(client);
    }
    gateway.reopen(KernelSettings.defaults());
    awaitState(again(kernel), ExecutionState.IDLE);

    try (TestClient client = TestClient.attach(again(kernel), "one")) {
      signal("KILL", pid);

      client.await(m -> m.content().path("text").asText().contains("is started again (1 of 5)"));
      assertThat(client.runToEnd("print alive")).isEqualTo("alive\n");
      assertThat(pidOf(client)).isNotEqualTo(pid);
    }
  }

  @Test
  void anIdIsTakenUntilTheKernelThatHadItIsGone() throws Exception {
    gateway.specs.scripted("deaf", "--ignore-shutdown", "--ignore-term");
    KernelSpec spec =
        new KernelSpecs(List.of(gateway.specs.path()), Optional.empty()).find("deaf").orElseThrow();
    KernelId id = new KernelId("00000000-0000-4000-8000-000000000001");
    StartRequest request = new StartRequest(Optional.of(id), spec, "", Map.of(), Optional.empty());
    Kernel first = gateway.kernels().start(request);
    try (TestClient client = TestClient.attach(first, "one")) {
      client.runToEnd("print up");
    }
    gateway.kernels().delete(id);

    assertThatThrownBy(() -> gateway.kernels().start(request))
        .isInstanceOf(KernelFailure.KernelExists.class)
        .hasMessageContaining("still being ended");

    Awaitility.await().atMost(PATIENCE).until(() -> !folderOf(first).toFile().exists());
    Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> startAgain(request));
    try (TestClient client = TestClient.attach(again(first), "one")) {
      assertThat(client.runToEnd("print again")).isEqualTo("again\n");
    }
    assertThat(folderOf(first).resolve("kernel.json")).exists();
  }

  @Test
  void aKernelThatWasDeletedIsGoneWhenTheGatewayHasStopped() throws Exception {
    gateway.specs.scripted("deaf", "--ignore-shutdown", "--ignore-term");
    Kernel kernel = gateway.start("deaf");
    long pid;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      pid = pidOf(client);
    }
    gateway.kernels().delete(kernel.id());

    gateway.reopen(
        KernelSettings.defaults(),
        () -> assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty());
  }

  private boolean startAgain(StartRequest request) throws KernelFailure {
    return gateway.kernels().start(request).model().executionState() == ExecutionState.STARTING;
  }

  @Test
  void damagedFilesOfAKernelNeverKeepTheGatewayFromStarting() throws Exception {
    Kernel kernel = gateway.start("scripted");
    Kernel other = gateway.start("scripted");
    try (TestClient client = TestClient.attach(kernel, "one");
        TestClient second = TestClient.attach(other, "one")) {
      client.runToEnd("print up");
      second.runToEnd("print up");
    }
    gateway.reopen(
        KernelSettings.defaults(),
        () -> {
          Files.write(folderOf(kernel).resolve("requests.journal"), new byte[] {(byte) 0xff, 1, 2});
          Files.writeString(folderOf(kernel).resolve("clients.json"), "{\"sessions\": 7}");
          Files.createDirectories(folderOf(kernel).resolve("log/1.segment/full"));
          Files.createDirectories(folderOf(other).resolve("log"));
          Files.write(folderOf(other).resolve("log/2.segment"), new byte[100]);
          Files.delete(folderOf(other).resolve("requests.journal"));
          Files.createDirectories(folderOf(other).resolve("requests.journal/full"));
        });

    for (Kernel each : List.of(kernel, other)) {
      try (TestClient client = TestClient.attach(again(each), "one")) {
        assertThat(client.runToEnd("print up again")).isEqualTo("up again\n");
      }
    }
  }

  @Test
  void aKernelWhoseConnectionFileIsDamagedIsEndedAndSaysSo() throws Exception {
    Kernel kernel = gateway.start("scripted");
    long pid;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      pid = pidOf(client);
    }
    gateway.reopen(
        KernelSettings.defaults(),
        () -> Files.writeString(folderOf(kernel).resolve("connection.json"), "{\"ip\": 1}"));

    awaitGone(pid);
    assertThat(again(kernel).model().reason().orElseThrow())
        .contains("is damaged")
        .contains("Restart it");
  }

  @Test
  void aKernelThatWasLaunchedRightBeforeTheGatewayWasKilledIsFound() throws Exception {
    Kernel kernel = gateway.start("scripted");
    long pid;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      pid = pidOf(client);
    }
    gateway.reopen(
        KernelSettings.defaults(),
        () -> change(folderOf(kernel).resolve("kernel.json"), "process", false));

    try (TestClient client = TestClient.attach(again(kernel), "one")) {
      assertThat(pidOf(client)).isEqualTo(pid);
    }
  }

  @Test
  void aClockThatWasSetDoesNotCostAKernel() throws Exception {
    Kernel kernel = gateway.start("scripted");
    long pid;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      pid = pidOf(client);
    }
    gateway.reopen(
        KernelSettings.defaults(),
        () -> change(folderOf(kernel).resolve("kernel.json"), "startMillis", true));

    try (TestClient client = TestClient.attach(again(kernel), "one")) {
      assertThat(pidOf(client)).isEqualTo(pid);
    }
  }

  private static void change(Path file, String what, boolean moveClock) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = (ObjectNode) mapper.readTree(file.toFile());
    if (moveClock) {
      ObjectNode process = (ObjectNode) json.path("process");
      process.put(what, process.path(what).asLong() - 3_600_000);
    } else {
      json.putNull(what).put("answered", false);
    }
    Files.write(file, mapper.writeValueAsBytes(json));
  }

  @Test
  void whyAKernelIsDeadIsToldOnceAlthoughTheGatewayIsRestarted() throws Exception {
    gateway.specs.add(KernelSpecFolder.Spec.of("missing", List.of("/no/such/program")));
    Kernel kernel = gateway.start("missing");
    awaitState(kernel, ExecutionState.DEAD);
    gateway.reopen(KernelSettings.defaults());
    gateway.reopen(KernelSettings.defaults());

    try (TestClient client = TestClient.attach(again(kernel), "one")) {
      client.awaitReply(client.run("print hello"));

      assertThat(client.received())
          .filteredOn(m -> m.content().path("text").asText().contains("/no/such/program"))
          .hasSize(1);
    }
  }

  @Test
  void aReplyThatCameWhileNobodyListenedIsOnDiskBeforeTheJournalSaysAnswered() throws Exception {
    Kernel kernel = gateway.start("scripted");
    String cell;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("print up");
      cell = client.run("sleep 1\nprint done");
    }
    Path journal = folderOf(kernel).resolve("requests.journal");
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .until(() ->
            Files.readAllLines(journal).stream()
                .anyMatch(line -> line.contains(cell) && line.contains("\"closed\"")));

    StringBuilder onDisk = new StringBuilder();
    try (Stream<Path> segments = Files.list(folderOf(kernel).resolve("log"))) {
      for (Path segment : segments.toList()) {
        onDisk.append(Files.readString(segment, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(onDisk.toString()).contains("execute_reply");
  }

  @Test
  void anEnvironmentThatNoProcessCanHaveIsToldInWords() throws Exception {
    Kernel kernel = gateway.start("scripted", Map.of("KERNEL_A=B", "c"));

    awaitState(kernel, ExecutionState.DEAD);
    assertThat(kernel.model().reason().orElseThrow()).contains("cannot be given to a process");
  }

  @Test
  void whatAKernelPrintsIsForItsOwnerAlone() throws Exception {
    Kernel kernel = gateway.start("scripted");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("print up");
    }

    for (String name :
        List.of("output.txt", "requests.journal", "kernel.json", "connection.json")) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folderOf(kernel).resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
  }
}
