// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Random faults at two gateways while their kernels print numbers. {@code -Delastic.seed} repeats a
 * run, {@code -Delastic.faults} says how many: {@code bench/soak}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReplicaLossesBench {

  private static final System.Logger LOG = System.getLogger(ReplicaLossesBench.class.getName());
  private static final int FAULTS = Integer.getInteger("elastic.faults", 500);
  private static final long SEED = Long.getLong("elastic.seed", System.nanoTime());
  private static final int KERNELS = 4;

  /** Lines of a kernel that a client may have without its gateway knowing: as far as it is away. */
  private static final int UNDER_WAY = 4;

  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      spec: {replicas: 2, idle: {action: Delete}}
      """;

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;
  private GatewayPods pods;

  private enum Fault {
    ROLLED,
    DELETED,
    DELETED_BY_FORCE,
    KILLED,
    FROZEN;

    /** Whether it ends without a word, so that what clients had last may come once more. */
    boolean isSudden() {
      return switch (this) {
        case ROLLED, DELETED -> false;
        case DELETED_BY_FORCE, KILLED, FROZEN -> true;
      };
    }
  }

  @BeforeAll
  void start() {
    gateway = cleanup.add(ClusterGateway.start("replica-losses", SETTING));
    pods = cleanup.add(new GatewayPods(gateway, 2));
    pods.awaitAll();
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void nothingIsLostWhateverBefallsOneGatewayAtATime() throws InterruptedException {
    Random random = new Random(SEED);
    List<ReturningClient> clients = new ArrayList<>();
    List<NumberedLoad> loads = new ArrayList<>();
    for (int i = 0; i < KERNELS; i++) {
      String kernel = pods.any().startKernel("python3");
      ReturningClient client = cleanup.add(ReturningClient.open(pods::any, kernel));
      client.current().run("x = 0");
      clients.add(client);
      loads.add(new NumberedLoad(client));
    }
    Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    for (int i = 0; i < FAULTS && loads.stream().allMatch(load -> load.trouble().isEmpty()); i++) {
      Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
      faults.merge(fault, 1, Integer::sum);
      inject(fault, random);
      pods.awaitAll();
      // A copy of each kernel is to be at the new one before the next fault.
      LockSupport.parkNanos(Duration.ofMillis(2_000L + random.nextInt(1_500)).toNanos());
    }
    NumberedLoad.Count count = new NumberedLoad.Count(0, 0, 0, 0, 0, 0);
    for (NumberedLoad load : loads) {
      count = count.plus(load.end());
    }
    System.out.printf(
        "ReplicaLossesBench: seed=%d faults=%s %s clients came back %s times%n",
        SEED, faults, count, clients.stream().map(ReturningClient::returns).toList());
    assertThat(loads).allSatisfy(load -> assertThat(load.trouble()).isEmpty());
    assertThat(count.lost()).isZero();
    assertThat(count.reordered()).isZero();
    assertThat(count.failed()).isZero();
    int sudden =
        faults.entrySet().stream()
            .filter(each -> each.getKey().isSudden())
            .mapToInt(Map.Entry::getValue)
            .sum();
    assertThat(count.doubled()).isLessThanOrEqualTo((long) sudden * KERNELS * UNDER_WAY);
  }

  private void inject(Fault fault, Random random) {
    List<String> ready = pods.ready();
    String pod = ready.get(random.nextInt(ready.size()));
    LOG.log(System.Logger.Level.INFO, "fault={0} pod={1}", fault, pod);
    switch (fault) {
      case ROLLED -> pods.roll();
      case DELETED -> pods.delete(pod);
      case DELETED_BY_FORCE -> pods.delete(pod, "--force", "--grace-period=0");
      case KILLED -> pods.kill(pod);
      case FROZEN -> pods.freeze(pod, Duration.ofMillis(1_000 + random.nextInt(11_000)));
    }
  }
}
