// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.testkit.KernelSpecFolder;
import io.elasticjupyter.testkit.ProcessUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hibernation while something breaks: no variable is lost, and it is said what happened. */
final class HibernationFaultsE2E {

  private static final String STATE =
      "import os, hashlib; data = os.urandom(%d); pair = [data, data]; told = hashlib.sha256(data).hexdigest(); print(os.getpid())";
  private static final String CHECK =
      "print(hashlib.sha256(data).hexdigest() == told, pair[0] is data)";

  @TempDir private Path directory;

  private GatewayProgram start() {
    Path specs = KernelSpecFolder.in(directory).ipykernel("python3").path();
    return GatewayProgram.start(directory, specs);
  }

  private static Rest.Answer hibernate(Rest gateway, String kernel) {
    return gateway.post("/api/kernels/" + kernel + "/hibernate", Rest.JSON.nullNode());
  }

  /** Before, in and behind the save of 60 MB, which takes some tenths of a second. */
  @ParameterizedTest
  @ValueSource(ints = {10, 60, 120, 200, 300, 500, 900})
  void aGatewayThatIsKilledInASaveLosesNothing(int millis) {
    try (GatewayProgram gateway = start()) {
      String kernel = gateway.rest().startKernel("python3");
      try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
        client.run(STATE.formatted(60_000_000));
      }
      Rest before = gateway.rest();
      CompletableFuture<Boolean> answered =
          CompletableFuture.supplyAsync(() -> hibernate(before, kernel), Thread::startVirtualThread)
              .handle((answer, failure) -> failure == null);
      // What is tried is the moment itself, so nothing is there to be waited for.
      Awaitility.await("the moment").pollDelay(Duration.ofMillis(millis)).until(() -> true);
      gateway.kill();
      gateway.startAgain();

      assertThat(answered).succeedsWithin(Duration.ofSeconds(30));
      try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
        assertThat(client.run(CHECK)).isEqualTo("True True\n");
        assertThat(hibernate(gateway.rest(), kernel).status()).isEqualTo(200);
        assertThat(client.run(CHECK)).as("of the next save").isEqualTo("True True\n");
      }
    }
  }

  @Test
  void aKernelThatHangsKeepsItsProcess() throws IOException {
    try (GatewayProgram gateway = start()) {
      String kernel = gateway.rest().startKernel("python3");
      try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
        String pid = client.run(STATE.formatted(100_000)).strip();
        signal("STOP", pid);
        Rest.Answer answer = hibernate(gateway.rest(), kernel);
        signal("CONT", pid);

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.json().path("message").asText()).contains("did not answer within");
        assertThat(client.run(CHECK)).isEqualTo("True True\n");
        assertThat(hibernate(gateway.rest(), kernel).status()).as("once more").isEqualTo(200);
        assertThat(client.run(CHECK)).isEqualTo("True True\n");
      }
    }
  }

  private static void signal(String name, String pid) throws IOException {
    command("kill", "-" + name, pid);
  }

  @Test
  void whereNoRoomIsLeftTheKernelRunsOnAndSaysSo() throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "only root mounts a small disk");
    Path state = Files.createDirectories(directory.resolve("state"));
    command("mount", "-t", "tmpfs", "-o", "size=40m,mode=0700", "tmpfs", state.toString());
    try {
      runOnAFullDisk(state);
    } finally {
      command("umount", "--lazy", state.toString());
    }
  }

  private void runOnAFullDisk(Path state) throws IOException {
    try (GatewayProgram gateway = start()) {
      String kernel = gateway.rest().startKernel("python3");
      try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
        client.run(STATE.formatted(80_000_000));

        Rest.Answer answer = hibernate(gateway.rest(), kernel);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.json().path("message").asText())
            .startsWith("Where variables are saved no room is left");
        assertThat(client.run(CHECK)).isEqualTo("True True\n");
        assertThat(Files.getFileStore(state).getUsableSpace())
            .as("what the failed save wrote is gone")
            .isGreaterThan(30_000_000);

        client.run(STATE.formatted(100_000));
        assertThat(hibernate(gateway.rest(), kernel).status()).isEqualTo(200);
        assertThat(client.run(CHECK)).isEqualTo("True True\n");
      }
    }
  }

  private static void command(String... words) throws IOException {
    try (ProcessUnderTest process =
        ProcessUnderTest.start(words[0], Path.of("/"), Map.of(), List.of(words))) {
      assertThat(process.awaitExit(Duration.ofSeconds(20))).as("%s", process.output()).isZero();
    }
  }
}
