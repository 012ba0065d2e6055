// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two gateways at the same time: any answers for any kernel, and none is missed when it goes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReplicasE2E {

  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      spec: {replicas: 2, idle: {action: Delete}}
      """;

  private static final int KERNELS = 4;
  private static final int LINES = 600;

  /** Lines of a kernel that a client may have without its gateway knowing: as far as it is away. */
  private static final int UNDER_WAY = 3;

  private static final String COUNT =
      "import time\nfor i in range(%d): print(i, flush=True); time.sleep(0.05)".formatted(LINES);

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;
  private GatewayPods pods;

  @BeforeAll
  void start() {
    gateway = cleanup.add(ClusterGateway.start("replicas", SETTING));
    pods = cleanup.add(new GatewayPods(gateway, 2));
    pods.awaitAll();
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void everyReplicaAnswersForEveryKernel() {
    List<Rest> replicas = pods.all();
    String kernel = replicas.getFirst().startKernel("python3");

    for (Rest replica : replicas) {
      assertThat(replica.kernel(kernel).path("id").asText()).isEqualTo(kernel);
      assertThat(ids(replica)).contains(kernel);
      try (KernelSocket client = KernelSocket.open(replica, kernel)) {
        assertThat(client.run("print(6 * 7)")).isEqualTo("42\n");
      }
      assertThat(
              replica
                  .post("/api/kernels/" + kernel + "/interrupt", Rest.JSON.createObjectNode())
                  .status())
          .isEqualTo(204);
    }
    assertThat(replicas.getLast().delete("/api/kernels/" + kernel).status()).isEqualTo(204);
    assertThat(replicas.getFirst().get("/api/kernels/" + kernel).status()).isEqualTo(404);
  }

  private static List<String> ids(Rest replica) {
    List<String> ids = new ArrayList<>();
    replica.get("/api/kernels").json().forEach(kernel -> ids.add(kernel.path("id").asText()));
    return ids;
  }

  @Test
  void aRolloutAtNoonIsNotNoticedByRunningCells() {
    underLoad(
        () -> {
          pods.roll();
          pods.awaitAll();
        },
        KERNELS);
  }

  @Test
  void aGatewayThatIsKilledCostsNoOutput() {
    underLoad(
        () -> {
          String pod = pods.ready().getFirst();
          pods.delete(pod, "--force", "--grace-period=0");
          pods.awaitAll();
        },
        KERNELS * UNDER_WAY);
  }

  /** As the kernel does for want of memory: its container is started again, in the same Pod. */
  @Test
  void aGatewayWhoseProcessIsKilledCostsNoOutput() {
    underLoad(
        () -> {
          String pod = pods.ready().getFirst();
          pods.kill(pod);
          pods.awaitAll();
        },
        KERNELS * UNDER_WAY);
  }

  /** As a frozen machine: it comes back, and has its kernels no more. */
  @Test
  void aGatewayThatIsStoppedForAWhileCostsNoOutputAndGivesNoneTwice() {
    underLoad(
        () -> {
          String pod = pods.ready().getFirst();
          pods.freeze(pod, Duration.ofSeconds(12));
          pods.awaitAll();
        },
        KERNELS * UNDER_WAY);
  }

  private interface Fault {
    void inject();
  }

  /**
   * Kernels print numbers while something happens to their gateways.
   *
   * @param twice how many numbers may come a second time: after a sudden end what the client had
   *     and had not told yet; after an orderly one only where a client does not answer within
   *     seconds
   */
  private void underLoad(Fault fault, int twice) {
    List<ReturningClient> clients = new ArrayList<>();
    List<String> kernels = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    try {
      for (int i = 0; i < KERNELS; i++) {
        String kernel = pods.any().startKernel("python3");
        kernels.add(kernel);
        ReturningClient client = ReturningClient.open(pods::any, kernel);
        clients.add(client);
        client.current().run("x = " + i);
        cells.add(client.current().execute(COUNT));
      }
      int said = clients.stream().mapToInt(client -> client.notices().size()).sum();
      fault.inject();
      int doubled = 0;
      for (int i = 0; i < KERNELS; i++) {
        ReturningClient client = clients.get(i);
        String cell = cells.get(i);
        Awaitility.await("the reply")
            .atMost(Duration.ofMinutes(2))
            .until(() -> !client.replies(cell).isEmpty() || !client.gaveUp().isEmpty());
        assertThat(client.gaveUp()).isEmpty();
        assertThat(client.replies(cell))
            .first()
            .satisfies(
                reply -> assertThat(reply.content().path("status").asText()).isEqualTo("ok"));
        List<Integer> numbers = client.numbers(cell);
        assertThat(numbers.stream().distinct().toList())
            .as("kernel %d, %d returns", i, client.returns())
            .isEqualTo(IntStream.range(0, LINES).boxed().toList());
        doubled += numbers.size() - new HashSet<>(numbers).size();
        assertThat(client.run("print(x)", Duration.ofMinutes(1))).isEqualTo(i + "\n");
      }
      // A slow start is told before the fault; nothing is told of that.
      assertThat(clients.stream().mapToInt(client -> client.notices().size()).sum())
          .isEqualTo(said);
      System.out.printf(
          "ReplicasE2E: %d lines, 0 lost, %d doubled, clients came back %s times%n",
          KERNELS * LINES, doubled, clients.stream().map(ReturningClient::returns).toList());
      assertThat(doubled).isLessThanOrEqualTo(twice);
    } finally {
      clients.forEach(ReturningClient::close);
      kernels.forEach(kernel -> pods.any().delete("/api/kernels/" + kernel));
    }
  }
}
