// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.testkit.KernelSpecFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that ends, in order or not, and its kernels, which do not. */
final class GatewayRestartE2E {

  @TempDir private Path directory;

  @Test
  void afterTermNothingIsLost() {
    assertNothingIsLost(gateway -> assertThat(gateway.terminate()).isIn(0, 143));
  }

  @Test
  void afterKillNothingIsLost() {
    assertNothingIsLost(GatewayProgram::kill);
  }

  @Test
  void aRealIpykernelKeepsItsVariables() {
    Path specs = KernelSpecFolder.in(directory).ipykernel("python3").path();
    try (GatewayProgram gateway = GatewayProgram.start(directory, specs)) {
      String kernel = gateway.rest().startKernel("python3");
      try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
        client.run("x = 41");
      }
      gateway.kill();
      gateway.startAgain();
      try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
        assertThat(client.run("print(x + 1)")).isEqualTo("42\n");
      }
    }
  }

  @Test
  void withStopKernelsTheyEndWithTheGateway() {
    Path specs = KernelSpecFolder.in(directory).scripted("scripted").path();
    try (GatewayProgram gateway = GatewayProgram.start(directory, specs, "--stop-kernels")) {
      String kernel = gateway.rest().startKernel("scripted");
      long pid;
      try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
        pid = Long.parseLong(client.run("pid").strip());
      }
      gateway.terminate();
      Awaitility.await("the kernel's process is gone")
          .atMost(KernelSocket.PATIENCE)
          .until(() -> ProcessHandle.of(pid).isEmpty());
      gateway.startAgain();
      assertThat(gateway.rest().get("/api/kernels").json()).isEmpty();
    }
  }

  private void assertNothingIsLost(Consumer<GatewayProgram> end) {
    Path specs = KernelSpecFolder.in(directory).scripted("scripted").path();
    try (GatewayProgram gateway = GatewayProgram.start(directory, specs)) {
      String kernel = gateway.rest().startKernel("scripted");
      String session = KernelSocket.newSession();
      KernelSocket first = KernelSocket.open(gateway.rest(), kernel, session);
      String process = first.run("set x 42\npid");
      String request = first.execute("tick 200 0.05");
      first.await("some of the output", message -> message.text().startsWith("0000020"));

      end.accept(gateway);
      assertThat(ProcessHandle.of(Long.parseLong(process.strip()))).isPresent();
      gateway.startAgain();

      assertThat(gateway.rest().kernel(kernel).path("name").asText()).isEqualTo("scripted");
      try (KernelSocket second = KernelSocket.open(gateway.rest(), kernel, session)) {
        second.awaitReply(request);
        second.awaitIdle(request);
        List<Integer> both = new ArrayList<>(first.numbers(request));
        both.addAll(second.numbers(request));
        Numbers.assertAllButOneGap(both, 200);
        assertThat(second.run("get x\npid")).isEqualTo("42\n" + process);
      }
    }
  }
}
