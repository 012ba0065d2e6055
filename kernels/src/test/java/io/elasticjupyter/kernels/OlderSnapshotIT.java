// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels whose newest snapshot cannot be read, with the one before beside it. */
class OlderSnapshotIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

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

  private static void hibernate(Kernel kernel) throws Exception {
    assertThat(kernel.hibernate().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOf(HibernationOutcome.Hibernated.class);
  }

  private Path manifest(Kernel kernel, int generation) {
    return folder
        .resolve("state/kernels")
        .resolve(kernel.id().value())
        .resolve("snapshots/gen-%06d/manifest.json".formatted(generation));
  }

  private Kernel sleptTwice(TestClient[] out) throws Exception {
    Kernel kernel = gateway.start("python3");
    TestClient client = TestClient.attach(kernel, "one");
    out[0] = client;
    client.runToEnd("x = 'first'");
    hibernate(kernel);
    client.runToEnd("x = 'second'; y = 1");
    hibernate(kernel);
    return kernel;
  }

  private static String error(TestClient client, String code) throws InterruptedException {
    return client.awaitReply(client.run(code)).content().path("evalue").asText();
  }

  private static String notice(TestClient client, String part) {
    return client
        .await(m -> m.content().path("text").asText().contains(part))
        .content()
        .path("text")
        .asText();
  }

  @Test
  void theStateBeforeIsOfferedAndTakenWhenItIsWantedOnceMore() throws Exception {
    TestClient[] clients = new TestClient[1];
    Kernel kernel = sleptTwice(clients);
    try (TestClient client = clients[0]) {
      Files.delete(manifest(kernel, 2));

      assertThat(error(client, "print(x)"))
          .contains(
              "cannot be woken with what it held at",
              "There is an older state, of",
              "What was changed since then is lost",
              "Run the cell again",
              "restart");
      assertThat(kernel.model().asleep()).isTrue();

      assertThat(client.runToEnd("print(x, 'y' in globals())")).isEqualTo("first False\n");
      assertThat(notice(client, "older state of"))
          .contains("cannot be read: what was changed in between is lost", "1 variable");

      client.runToEnd("x = 'third'");
      hibernate(kernel);
      assertThat(manifest(kernel, 3)).exists();
      assertThat(manifest(kernel, 1)).as("good until the next is verified").exists();
      assertThat(client.runToEnd("print(x)")).isEqualTo("third\n");
    }
  }

  @Test
  void theNewestIsTakenWhereItCameBackAndTheOfferOutlivesTheGateway() throws Exception {
    TestClient[] clients = new TestClient[1];
    Kernel kernel = sleptTwice(clients);
    byte[] good = Files.readAllBytes(manifest(kernel, 2));
    try (TestClient client = clients[0]) {
      Files.write(manifest(kernel, 2), new byte[good.length]);
      assertThat(error(client, "print(x)")).contains("There is an older state");
    }
    gateway.reopen(KernelSettings.defaults());
    Kernel again = gateway.kernels().find(kernel.id()).orElseThrow();
    try (TestClient client = TestClient.attach(again, "one")) {
      assertThat(error(client, "print(x)")).contains("There is an older state");
      Files.write(manifest(again, 2), good);
      assertThat(client.runToEnd("print(x)")).isEqualTo("second\n");
    }
  }

  @Test
  void whereTheStateBeforeCannotBeReadEitherTheKernelSleepsOnAndSaysSo() throws Exception {
    TestClient[] clients = new TestClient[1];
    Kernel kernel = sleptTwice(clients);
    try (TestClient client = clients[0]) {
      Files.delete(manifest(kernel, 1));
      Files.delete(manifest(kernel, 2));
      assertThat(error(client, "print(x)")).contains("There is an older state");
      assertThat(error(client, "print(x)"))
          .contains("Unless that comes back its variables are gone");
      assertThat(kernel.model().asleep()).isTrue();
    }
  }
}
