// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.hibernation.SnapshotLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sleeping kernels may take, and what is done when it is too much or too old. */
class HibernationLimitsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long MEGA = 1_000_000;

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

  private void limits(HibernationSettings hibernation) throws Exception {
    gateway.reopen(KernelSettings.defaults().withHibernation(hibernation));
  }

  private static HibernationSettings with(SnapshotLimits limits) {
    return HibernationSettings.defaults().withLimits(limits);
  }

  private Kernel start(String user) throws KernelFailure {
    return gateway
        .kernels()
        .start(
            new StartRequest(
                Optional.empty(), gateway.spec("python3"), user, Map.of(), Optional.empty()));
  }

  private static HibernationOutcome outcome(Kernel kernel) throws Exception {
    return kernel.hibernate().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void assertFails(Kernel kernel, String... words) throws Exception {
    assertThat(outcome(kernel))
        .isInstanceOfSatisfying(
            HibernationOutcome.Failed.class, failed -> assertThat(failed.why()).contains(words));
  }

  private static void hold(TestClient client, long bytes) throws InterruptedException {
    client.runToEnd("import os; data = os.urandom(%d)".formatted(bytes));
  }

  private Path snapshots(Kernel kernel) {
    return folder.resolve("state/kernels").resolve(kernel.id().value()).resolve("snapshots");
  }

  private static long generations(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(each -> each.getFileName().toString().startsWith("gen-")).count();
    }
  }

  @Test
  void aKernelThatHoldsTooMuchRunsOnAndIsToldWhatIsAllowed() throws Exception {
    limits(HibernationSettings.defaults().withMaxBytes(2 * MEGA));
    Kernel kernel = start("");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      hold(client, 3 * MEGA);
      assertFails(kernel, "more than may be saved here", "One snapshot may take 2 MB here.");
      assertThat(client.runToEnd("print(len(data))")).isEqualTo("3000000\n");
      assertThat(gateway.refused).containsOnlyKeys("snapshot");
      hold(client, MEGA);
      assertThat(outcome(kernel)).isInstanceOf(HibernationOutcome.Hibernated.class);
    }
  }

  @Test
  void theSnapshotsOfOneUserAreLimitedTogetherAndWhatIsOldGivesWayFirst() throws Exception {
    limits(with(new SnapshotLimits(5 * MEGA, 0, Duration.ZERO, 0, 0)));
    Kernel first = start("ann");
    Kernel second = start("ann");
    Kernel other = start("bob");
    try (TestClient one = TestClient.attach(first, "one");
        TestClient two = TestClient.attach(second, "two");
        TestClient three = TestClient.attach(other, "three")) {
      hold(one, 3 * MEGA);
      hold(two, 3 * MEGA);
      hold(three, 3 * MEGA);
      assertThat(outcome(first)).isInstanceOf(HibernationOutcome.Hibernated.class);
      assertThat(outcome(other)).isInstanceOf(HibernationOutcome.Hibernated.class);
      assertFails(second, "snapshots of one user may take 5 MB", "are left");

      // Two generations would be 6 MB.
      hold(one, 3 * MEGA);
      assertThat(outcome(first)).isInstanceOf(HibernationOutcome.Hibernated.class);
      assertThat(generations(snapshots(first))).isEqualTo(1);

      first.restart();
      one.runToEnd("1");
      assertThat(generations(snapshots(first))).as("a restart forgets").isZero();
      assertThat(outcome(second)).isInstanceOf(HibernationOutcome.Hibernated.class);
    }
  }

  @Test
  void noMoreKernelsSleepThanMay() throws Exception {
    limits(with(new SnapshotLimits(0, 0, Duration.ZERO, 0, 1)));
    Kernel first = start("");
    Kernel second = start("");
    try (TestClient one = TestClient.attach(first, "one");
        TestClient two = TestClient.attach(second, "two")) {
      one.runToEnd("x = 1");
      two.runToEnd("x = 2");
      assertThat(outcome(first)).isInstanceOf(HibernationOutcome.Hibernated.class);
      assertFails(second, "1 kernels may sleep", "Wake or end a kernel");
      assertThat(first.model().asleep()).isTrue();

      gateway.reopen(
          KernelSettings.defaults()
              .withHibernation(with(new SnapshotLimits(0, 0, Duration.ZERO, 0, 1))));
      Kernel again = gateway.kernels().find(second.id()).orElseThrow();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> again.model().executionState() == ExecutionState.IDLE);
      assertFails(again, "1 kernels may sleep");
    }
  }

  @Test
  void whatAKernelWokeFromIsRemovedAsWellAndTheKernelGoesOn() throws Exception {
    limits(with(new SnapshotLimits(0, 0, Duration.ofSeconds(3), 0, 0)));
    Kernel kernel = start("");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      hold(client, 2 * MEGA);
      assertThat(outcome(kernel)).isInstanceOf(HibernationOutcome.Hibernated.class);
      client.runToEnd("x = 1");
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(generations(snapshots(kernel))).isZero());
      assertThat(client.runToEnd("print(x, len(set(data)))")).isEqualTo("1 256\n");
      assertThat(kernel.model().asleep()).isFalse();
    }
  }

  @Test
  void whatIsTooOldIsRemovedAndItsUserIsTold() throws Exception {
    Kernel kernel = start("");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      assertThat(outcome(kernel)).isInstanceOf(HibernationOutcome.Hibernated.class);
    }
    HibernationSettings strict = with(new SnapshotLimits(0, 0, Duration.ofSeconds(2), 0, 0));
    limits(strict);
    Kernel again = gateway.kernels().find(kernel.id()).orElseThrow();
    try (TestClient client = TestClient.attach(again, "one")) {
      client.await(m -> m.content().path("text").asText().contains("was removed"));
      assertThat(snapshots(again)).satisfies(path -> assertThat(generations(path)).isZero());
      limits(strict);
    }
    Kernel later = gateway.kernels().find(kernel.id()).orElseThrow();
    try (TestClient client = TestClient.attach(later, "one")) {
      TestClient.Received reply = client.awaitReply(client.run("print(x)"));
      assertThat(reply.content().path("ename").asText()).isEqualTo("KernelNotWoken");
      assertThat(reply.content().path("evalue").asText())
          .contains("slept since", "2 seconds are allowed", "1 variable", "was removed", "Restart");
      assertThat(later.model().reason().orElse("")).contains("was removed");
      assertThat(later.model().asleep()).isTrue();
      assertThatThrownBy(later::wake).hasMessageContaining("was removed");

      later.restart();
      assertThat(client.runToEnd("print('x' in globals())")).isEqualTo("False\n");
      client.runToEnd("x = 1");
      assertThat(outcome(later)).isInstanceOf(HibernationOutcome.Hibernated.class);
      client.await(m -> m.content().path("text").asText().contains("was removed"));
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(gateway.kernels().find(kernel.id())).isEmpty());
  }
}
