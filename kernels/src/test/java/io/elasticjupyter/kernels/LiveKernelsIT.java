// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.testkit.KernelSpecFolder;
import io.elasticjupyter.wire.connection.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A kernel's life, with the real ipykernel. */
class LiveKernelsIT {

  @TempDir Path folder;
  private KernelsUnderTest gateway;

  @BeforeEach
  void open() throws Exception {
    gateway = new KernelsUnderTest(folder, KernelSettings.defaults());
    gateway.specs.ipykernel("python3");
  }

  @AfterEach
  void close() throws Exception {
    gateway.close();
  }

  private Kernel start() throws KernelFailure {
    return gateway.start("python3");
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void runsACellThatWasSentBeforeTheKernelAnswers(Transport transport) throws Exception {
    gateway.reopen(KernelSettings.defaults(), transport);
    Kernel kernel = start();
    assertThat(kernel.model().executionState()).isEqualTo(ExecutionState.STARTING);

    try (TestClient client = TestClient.attach(kernel, "one")) {
      assertThat(client.runToEnd("print(6 * 7)")).isEqualTo("42\n");
    }
  }

  @Test
  void deliversEveryPrintInOrder() throws Exception {
    Kernel kernel = start();
    String expected =
        IntStream.range(0, 20_000).mapToObj(i -> i + "\n").collect(Collectors.joining());

    try (TestClient client = TestClient.attach(kernel, "one")) {
      assertThat(client.runToEnd("for i in range(20000): print(i)")).isEqualTo(expected);
    }
  }

  @Test
  void keepsKernelVariablesAndRunningCellOverAGatewayRestart() throws Exception {
    Kernel kernel = start();
    String cell;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 5");
      cell = client.run("import time\nfor i in range(40): print(i); time.sleep(0.1)");
      client.await(m -> m.type().equals("stream"));
      gateway.reopen(KernelSettings.defaults());
      assertThat(client.awaitEnd()).isEqualTo(Delivery.EndReason.GATEWAY_STOPPING);
    }

    Kernel again = gateway.kernels().find(kernel.id()).orElseThrow();
    try (TestClient client = TestClient.attach(again, "one")) {
      client.awaitReply(cell);
      assertThat(client.printed(cell)).endsWith("38\n39\n");
      assertThat(client.runToEnd("print(x)")).isEqualTo("5\n");
    }
    assertThat(again.model().executionState()).isEqualTo(ExecutionState.IDLE);
  }

  @Test
  void givesWhatWasPrintedWhileNobodyWasThere() throws Exception {
    Kernel kernel = start();
    String cell;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("import time");
      cell = client.run("for i in range(100): print(i); time.sleep(0.01)");
      client.await(m -> m.type().equals("stream"));
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> kernel.model().executionState() == ExecutionState.IDLE);

    try (TestClient newTab = TestClient.attach(kernel, "two");
        TestClient same = TestClient.attach(kernel, "one")) {
      newTab.awaitReply(cell);
      same.awaitReply(cell);
      assertThat(newTab.printed(cell)).endsWith("98\n99\n");
      assertThat(same.printed(cell)).isEqualTo(newTab.printed(cell));
    }
  }

  @Test
  void restartsACrashedKernelAndSaysSo() throws Exception {
    Kernel kernel = start();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      String cell = client.run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)");

      TestClient.Received reply = client.awaitReply(cell);

      assertThat(reply.content().path("evalue").asText()).contains("signal 9");
      client.await(m -> m.content().path("execution_state").asText().equals("restarting"));
      assertThat(client.runToEnd("print('x' in globals())")).isEqualTo("False\n");
    }
  }

  @Test
  void interruptsAndRestartsUnderTheSameId() throws Exception {
    Kernel kernel = start();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      String cell = client.run("import time; print('go', flush=True); time.sleep(600)");
      client.await(m -> m.type().equals("stream") && m.parentId().equals(cell));

      kernel.interrupt();

      assertThat(client.awaitReply(cell).content().path("ename").asText())
          .isEqualTo("KeyboardInterrupt");
      kernel.restart();
      assertThat(client.runToEnd("print('x' in globals())")).isEqualTo("False\n");
      // JupyterLab takes the word for a crash.
      assertThat(client.received())
          .noneMatch(m -> m.content().path("execution_state").asText().equals("restarting"));
    }
  }

  @Test
  void tellsWhyAKernelCannotStart() throws Exception {
    gateway
        .specs
        .add(KernelSpecFolder.Spec.of("missing", List.of("/no/such/program")))
        .add(
            KernelSpecFolder.Spec.of(
                "broken", List.of("/bin/sh", "-c", "echo the library is missing >&2; exit 3")));

    Kernel missing = gateway.start("missing");
    Kernel broken = gateway.start("broken");

    try (TestClient client = TestClient.attach(broken, "one")) {
      String cell = client.run("1");
      assertThat(client.awaitReply(cell).content().path("evalue").asText())
          .contains("exit code 3")
          .contains("the library is missing");
      client.await(m -> m.content().path("execution_state").asText().equals("dead"));
    }
    assertThat(broken.model().executionState()).isEqualTo(ExecutionState.DEAD);
    Awaitility.await()
        .untilAsserted(() ->
            assertThat(missing.model().reason())
                .hasValueSatisfying(
                    why -> assertThat(why).contains("/no/such/program").contains("not found")));
  }
}
