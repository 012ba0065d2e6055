// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Two gateways with the same kernels, the real ipykernel. */
class ReplicasIT {

  private static final String COUNT =
      "import time\nfor i in range(800): print(i, flush=True); time.sleep(0.01)";
  private static final String COUNTED =
      IntStream.range(0, 800).mapToObj(i -> i + "\n").collect(Collectors.joining());

  @TempDir Path folder;
  private ReplicasUnderTest replicas;

  @BeforeEach
  void open() throws Exception {
    replicas = new ReplicasUnderTest(folder);
    replicas.specs.ipykernel("python3");
  }

  @AfterEach
  void close() throws Exception {
    replicas.close();
  }

  private static Kernel awaitKernel(ReplicasUnderTest.Node at, KernelId id) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> at.kernels().find(id), kernel -> kernel.isPresent())
        .orElseThrow();
  }

  private static void awaitLine(TestClient client, String cell, String line) {
    client.await(m ->
        m.type().equals("stream")
            && m.parentId().equals(cell)
            && List.of(m.content().path("text").asText().split("\n")).contains(line));
  }

  private static String notices(TestClient client) {
    return client.received().stream()
        .filter(m -> m.type().equals("stream"))
        .filter(m -> m.content().path("name").asText().equals("stderr"))
        .map(m -> m.content().path("text").asText())
        .collect(Collectors.joining());
  }

  @Test
  void aCellGoesOnWithoutALineLostWhenItsGatewayLeaves() throws Exception {
    ReplicasUnderTest.Node one = replicas.join("one");
    ReplicasUnderTest.Node two = replicas.join("two");
    Kernel kernel = one.start("python3");
    try (TestClient before = TestClient.attach(kernel, "page")) {
      before.runToEnd("x = 5");
      String cell = before.run(COUNT);
      awaitLine(before, cell, "50");

      Thread leaving = Thread.ofVirtual().start(() -> leave(one));

      assertThat(before.awaitEnd()).isEqualTo(Delivery.EndReason.GATEWAY_STOPPING);
      before.close();
      try (TestClient after = TestClient.attach(awaitKernel(two, kernel.id()), "page")) {
        assertThat(after.awaitReply(cell).content().path("status").asText()).isEqualTo("ok");
        assertThat(before.printed(cell) + after.printed(cell)).isEqualTo(COUNTED);
        assertThat(notices(after)).isEmpty();
        assertThat(after.runToEnd("print(x)")).isEqualTo("5\n");
      }
      leaving.join();
      assertThat(one.kernels().all()).isEmpty();
    }
  }

  private static void leave(ReplicasUnderTest.Node node) {
    try {
      node.kernels().leave();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aCellGoesOnWithoutALineLostWhenItsGatewayIsGone() throws Exception {
    ReplicasUnderTest.Node one = replicas.join("one");
    ReplicasUnderTest.Node two = replicas.join("two");
    Kernel kernel = one.start("python3");
    try (TestClient before = TestClient.attach(kernel, "page")) {
      before.runToEnd("x = 5");
      String cell = before.run(COUNT);
      awaitLine(before, cell, "50");

      one.cut();
      before.close();

      try (TestClient after = TestClient.attach(awaitKernel(two, kernel.id()), "page")) {
        assertThat(after.awaitReply(cell).content().path("status").asText()).isEqualTo("ok");
        assertThat(before.printed(cell)).isNotEqualTo(COUNTED);
        assertThat(after.printed(cell)).isNotEmpty();
        assertThat(joined(before.printed(cell), after.printed(cell))).isEqualTo(COUNTED);
        assertThat(notices(after)).isEmpty();
        assertThat(after.runToEnd("print(x)")).isEqualTo("5\n");
      }
    }
  }

  /**
   * What a client confirmed in the last moment before a sudden end is not known elsewhere yet, and
   * so it comes once more: of a line every ten milliseconds at most two.
   */
  private static String joined(String before, String after) {
    List<String> lines = before.lines().toList();
    for (int twice = 0; twice <= 2; twice++) {
      String last = String.join("\n", lines.subList(lines.size() - twice, lines.size()));
      if (twice == 0 ? !after.startsWith(lines.getLast() + "\n") : after.startsWith(last + "\n")) {
        return before + after.substring(twice == 0 ? 0 : last.length() + 1);
      }
    }
    return before + after;
  }

  @Test
  void aGatewayThatComesBackLetsGoOfWhatAnotherHasTaken() throws Exception {
    ReplicasUnderTest.Node one = replicas.join("one");
    ReplicasUnderTest.Node two = replicas.join("two");
    Kernel kernel = one.start("python3");
    try (TestClient client = TestClient.attach(kernel, "page")) {
      client.runToEnd("x = 5");
      one.cut();
      awaitKernel(two, kernel.id());

      one.mend();

      assertThat(client.awaitEnd()).isEqualTo(Delivery.EndReason.GATEWAY_STOPPING);
      Awaitility.await().until(() -> one.kernels().find(kernel.id()).isEmpty());
    }
    try (TestClient client = TestClient.attach(awaitKernel(two, kernel.id()), "page")) {
      assertThat(client.runToEnd("print(x)")).isEqualTo("5\n");
    }
  }

  @Test
  void aGatewayThatHearsLateOfWhatItTookKeepsItAndTheCellThatRuns() throws Exception {
    ReplicasUnderTest.Node one = replicas.join("one");
    ReplicasUnderTest.Node two = replicas.join("two");
    Kernel kernel = one.start("python3");
    String cell;
    try (TestClient before = TestClient.attach(kernel, "page")) {
      before.runToEnd("x = 5");
      cell = before.run(COUNT);
      awaitLine(before, cell, "50");
      replicas.delayNews();
      one.cut();
    }

    try (TestClient after = TestClient.attach(awaitKernel(two, kernel.id()), "page")) {
      assertThat(after.awaitReply(cell).content().path("status").asText()).isEqualTo("ok");
      assertThat(after.printed(cell)).endsWith("798\n799\n");
    }
  }

  @Test
  void givesBackWhatItWasGivenAsOftenAsGatewaysComeAndGo() throws Exception {
    ReplicasUnderTest.Node one = replicas.join("0");
    Kernel kernel = one.start("python3");
    StringBuilder printed = new StringBuilder();
    TestClient client = TestClient.attach(kernel, "page");
    client.runToEnd("x = 0");
    String cell = client.run(COUNT);
    ReplicasUnderTest.Node now = one;
    for (int i = 1; i <= 3; i++) {
      client.await(m -> m.type().equals("stream") && m.parentId().equals(cell));
      ReplicasUnderTest.Node next = replicas.join(String.valueOf(i));
      ReplicasUnderTest.Node last = now;
      Thread leaving = Thread.ofVirtual().start(() -> leave(last));
      client.awaitEnd();
      client.close();
      printed.append(client.printed(cell));
      client = TestClient.attach(awaitKernel(next, kernel.id()), "page");
      leaving.join();
      now = next;
    }
    client.awaitReply(cell);
    client.close();
    assertThat(printed + client.printed(cell)).isEqualTo(COUNTED);
  }
}
