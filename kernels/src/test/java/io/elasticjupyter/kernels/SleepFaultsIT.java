// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.hibernation.HibernationSettings.IdleAction;
import io.elasticjupyter.kernels.hibernation.SnapshotLimits;
import io.elasticjupyter.kernels.idle.IdleSettings;
import io.elasticjupyter.testkit.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What went wrong once around kernels that sleep: a pin half noted, a time of another day. */
class SleepFaultsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final WatchedProvisioner watched = new WatchedProvisioner();
  private KernelsUnderTest gateway;

  @BeforeEach
  void open() throws Exception {
    gateway = new KernelsUnderTest(folder, KernelSettings.defaults(), watched::around);
    gateway.specs.ipykernel("python3");
    gateway.specs.scripted("scripted");
  }

  @AfterEach
  void close() throws Exception {
    gateway.close();
  }

  private static HibernationOutcome outcome(Kernel kernel) throws Exception {
    return kernel.hibernate().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void hibernate(Kernel kernel) throws Exception {
    assertThat(outcome(kernel)).isInstanceOf(HibernationOutcome.Hibernated.class);
  }

  private static String error(TestClient client, String code) throws InterruptedException {
    return client.awaitReply(client.run(code)).content().path("evalue").asText();
  }

  private Kernel again(Kernel kernel) {
    return gateway.kernels().find(kernel.id()).orElseThrow();
  }

  @Test
  void aPinWhoseAnswerWasLostIsTakenBack() throws Exception {
    Kernel kernel = gateway.start("python3");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      watched.after(
          "pin",
          () -> {
            throw new KernelFailure.HibernationFailed("The answer was lost.");
          });
      int before = watched.calls("unpin");

      assertThat(outcome(kernel))
          .isEqualTo(new HibernationOutcome.Failed("The answer was lost.", false));

      // Noted all the same, it would let another gateway take a running kernel for a sleeping one.
      assertThat(watched.calls("pin")).isEqualTo(1);
      assertThat(watched.calls("unpin")).isGreaterThan(before);
      assertThat(client.runToEnd("print(x)")).isEqualTo("1\n");
    }
  }

  @Test
  void aPinOfAGatewayThatEndedBehindItIsTakenBackWhereTheKernelRuns() throws Exception {
    Kernel kernel = gateway.start("python3");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
    }
    int before = watched.calls("unpin");
    gateway.reopen(KernelSettings.defaults());

    Awaitility.await().atMost(PATIENCE).until(() -> watched.calls("unpin") > before);
    try (TestClient client = TestClient.attach(again(kernel), "two")) {
      assertThat(client.runToEnd("print(x)")).isEqualTo("1\n");
    }
  }

  @Test
  void anOlderStateThatWasTakenInVainIsNotTakenWhereTheNewestIsBack() throws Exception {
    Kernel kernel = gateway.start("python3");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 'first'");
      hibernate(kernel);
      client.runToEnd("x = 'second'");
      hibernate(kernel);
      Path manifest =
          folder
              .resolve("state/kernels")
              .resolve(kernel.id().value())
              .resolve("snapshots/gen-000002/manifest.json");
      byte[] good = Files.readAllBytes(manifest);
      Files.delete(manifest);
      assertThat(error(client, "print(x)")).contains("There is an older state");

      // One process finds that the newest is not there, the next one would get the older state.
      AtomicInteger launches = new AtomicInteger();
      watched.before(
          "launch",
          () -> {
            if (launches.incrementAndGet() == 2) {
              throw new KernelFailure.LaunchFailed("No process is to be had now.");
            }
          });
      assertThat(error(client, "print(x)")).contains("No process is to be had now.");
      Files.write(manifest, good);

      assertThat(client.runToEnd("print(x)")).isEqualTo("second\n");
    }
  }

  @Test
  void aLookThatWasPutOffIsNotTakenWhileTheGatewayStops() throws Exception {
    ManualClock clock = new ManualClock(Instant.now());
    gateway.useClock(clock);
    KernelSettings fixed = KernelSettings.defaults();
    Duration interval = Duration.ofSeconds(4);
    gateway.reopen(
        fixed
            .withIdle(
                new IdleSettings(
                    Duration.ofSeconds(7), interval, false, false, Duration.ZERO, Duration.ZERO))
            .withHibernation(HibernationSettings.defaults().withAction(IdleAction.DELETE)));
    Kernel kernel = gateway.start("scripted");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("pid");
    }
    AtomicReference<Thread> timer = new AtomicReference<>();
    clock.advance(interval);
    watched.after("wish", () -> timer.set(Thread.currentThread()));
    // It looked, will look again in three seconds, and waits for that.
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> timer.get() != null && timer.get().getState() == Thread.State.TIMED_WAITING);
    clock.advance(Duration.ofSeconds(10));

    gateway.reopen(fixed);

    try (TestClient client = TestClient.attach(again(kernel), "two")) {
      assertThat(client.runToEnd("print alive")).isEqualTo("alive\n");
    }
  }

  @Test
  void aForgottenKernelStaysAsLongAsItSaysAlsoWhereNoGatewayRanForLong() throws Exception {
    Kernel kernel = gateway.start("python3");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      hibernate(kernel);
    }
    Duration maxAge = Duration.ofSeconds(2);
    ManualClock clock = new ManualClock(Instant.now().plus(Duration.ofHours(1)));
    gateway.useClock(clock);
    HibernationSettings strict =
        HibernationSettings.defaults().withLimits(new SnapshotLimits(0, 0, maxAge, 0, 0));
    gateway.reopen(KernelSettings.defaults().withHibernation(strict));
    Kernel again = again(kernel);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> again.model().reason().orElse("").contains("was removed"));

    int rounds = watched.calls("keepHouse");
    Awaitility.await().atMost(PATIENCE).until(() -> watched.calls("keepHouse") > rounds + 4);
    assertThat(gateway.kernels().find(kernel.id())).isPresent();

    clock.advance(maxAge.plusSeconds(1));
    Awaitility.await().atMost(PATIENCE).until(() -> gateway.kernels().find(kernel.id()).isEmpty());
  }
}
