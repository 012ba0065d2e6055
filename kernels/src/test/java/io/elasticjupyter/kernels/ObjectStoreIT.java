// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.hibernation.SnapshotKeys;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace;
import io.elasticjupyter.kernels.objects.ObjectStore;
import io.elasticjupyter.kernels.objects.ObjectStoreSettings;
import io.elasticjupyter.kernels.objects.ObjectStoreSettings.Credentials;
import io.elasticjupyter.kernels.vault.Grants;
import io.elasticjupyter.kernels.vault.ObjectVault;
import io.elasticjupyter.kernels.vault.SnapshotServer;
import io.elasticjupyter.kernels.vault.VaultDoor;
import io.elasticjupyter.testkit.ObjectServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels whose variables are kept in a real object store that checks signatures. */
@Tag("object-store")
class ObjectStoreIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String BUCKET = "snapshots";
  private static final String STATE =
      "import os, hashlib; data = os.urandom(3_000_000); same = [data, data]; x = 41;"
          + " told = hashlib.sha256(data).hexdigest()";
  private static final String CHECK =
      "print(x + 1, hashlib.sha256(data).hexdigest() == told, same[1] is data)";

  @TempDir Path folder;
  private final Grants grants = new Grants(new SecureRandom());
  private ObjectServer server;
  private SnapshotServer door;
  private KernelsUnderTest gateway;
  private ObjectStore store;

  @BeforeEach
  void start() throws Exception {
    Path objects = Files.createDirectories(folder.resolve("objects"));
    Files.createDirectories(objects.resolve(BUCKET));
    server = ObjectServer.start(objects);
    door = SnapshotServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), grants);
    open(server.endpoint(), BUCKET, ObjectServer.SECRET_KEY);
  }

  @AfterEach
  void end() throws Exception {
    gateway.close();
    store.close();
    door.close();
    server.close();
  }

  private void open(URI endpoint, String bucket, String secret) throws Exception {
    store =
        new ObjectStore(
            new ObjectStoreSettings(
                endpoint,
                bucket,
                "/team a/",
                ObjectServer.REGION,
                true,
                new Credentials(ObjectServer.ACCESS_KEY, secret)),
            InstantSource.system());
    gateway = KernelsUnderTest.keepingIn(folder, settings(), this::place);
    gateway.specs.ipykernel("python3");
  }

  /** The same kernels' next gateway, which knows another store. */
  private void reopen(URI endpoint, String bucket, String secret) throws Exception {
    gateway.close();
    store.close();
    open(endpoint, bucket, secret);
  }

  private SnapshotPlace place(SnapshotKeys keys) {
    return new ObjectVault(
        store,
        keys.owner(),
        VaultDoor.onLoopback(
            URI.create("http://127.0.0.1:%d/snapshots".formatted(door.port())), grants),
        Optional.empty(),
        SnapshotPlace.inKernelFolder(),
        InstantSource.system());
  }

  private static KernelSettings settings() {
    return KernelSettings.defaults()
        .withHibernation(HibernationSettings.defaults().withSaveTimeout(Duration.ofSeconds(6)));
  }

  private static HibernationOutcome outcome(Kernel kernel) throws Exception {
    return kernel.hibernate().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void hibernate(Kernel kernel) throws Exception {
    assertThat(outcome(kernel)).isInstanceOf(HibernationOutcome.Hibernated.class);
  }

  private List<String> keys(String part) {
    return server.keys(BUCKET).stream().filter(key -> key.contains(part)).toList();
  }

  @Test
  void variablesComeBackFromTheStoreAfterAnotherGateway() throws Exception {
    Kernel kernel = gateway.start("python3");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd(STATE);
      hibernate(kernel);
    }
    assertThat(folder.resolve("state/kernels").resolve(kernel.id().value()).resolve("snapshots"))
        .doesNotExist();
    assertThat(keys("/gen-000001/")).hasSize(3);
    assertThat(keys("/blobs/"))
        .singleElement()
        .asString()
        .matches("team a/[0-9a-f]{24}/" + kernel.id() + "/blobs/[0-9a-f]{64}-30000\\d\\d");

    gateway.reopen(settings());

    Kernel again = gateway.kernels().find(kernel.id()).orElseThrow();
    try (TestClient client = TestClient.attach(again, "one")) {
      assertThat(client.runToEnd(CHECK)).isEqualTo("42 True True\n");
    }
  }

  @Test
  void whatIsThereIsNotSentAgainAndOldObjectsGo() throws Exception {
    Kernel kernel = gateway.start("python3");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd(STATE);
      hibernate(kernel);
      client.runToEnd("x = 42");
      List<String> first = keys("/blobs/");
      Object sent = Files.getLastModifiedTime(server.file(BUCKET, first.getFirst()));
      hibernate(kernel);
      assertThat(keys("/blobs/")).isEqualTo(first);
      assertThat(Files.getLastModifiedTime(server.file(BUCKET, first.getFirst()))).isEqualTo(sent);

      client.runToEnd("data = None; same = None; old = os.urandom(3_000_000)");
      hibernate(kernel);
      assertThat(keys("/gen-000001/")).as("the one before the last").isEmpty();
      assertThat(keys("/gen-000002/")).hasSize(3);
      assertThat(keys("/blobs/")).as("of the two that are kept").hasSize(2).containsAll(first);

      client.runToEnd("x = 1");
      hibernate(kernel);
      assertThat(keys("/blobs/")).hasSize(1).doesNotContainAnyElementsOf(first);
    }
    gateway.kernels().delete(kernel.id());
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(keys("")).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifest.json", "pack", "/blobs/"})
  void whatWasTamperedWithIsRefusedAndNothingOfItIsLoaded(String object) throws Exception {
    Kernel kernel = gateway.start("python3");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd(STATE);
      hibernate(kernel);
      Path file = server.file(BUCKET, keys(object).getFirst());
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 1;

      for (byte[] wrong : List.of(bad, Arrays.copyOf(good, good.length - 1))) {
        Files.write(file, wrong);
        if (object.equals("/blobs/")) {
          // What is wrong in one variable's own bytes costs that variable, and is told.
          assertThat(client.runToEnd("print(x, 'data' in globals(), 'same' in globals())"))
              .isEqualTo("41 False False\n");
          break;
        }
        TestClient.Received reply = client.awaitReply(client.run("print(x)"));
        assertThat(reply.content().path("ename").asText()).isEqualTo("KernelNotWoken");
        assertThat(reply.content().path("evalue").asText())
            .contains("cannot be woken with what it held");
        assertThat(kernel.model().snapshot()).isPresent();
      }
      if (!object.equals("/blobs/")) {
        Files.write(file, good);
        assertThat(client.runToEnd(CHECK)).isEqualTo("42 True True\n");
      }
    }
  }

  private void assertRunsOn(Kernel kernel, String... words) throws Exception {
    try (TestClient client = TestClient.attach(kernel, "one")) {
      String pid = client.runToEnd(STATE + "; print(os.getpid())");
      assertThat(outcome(kernel))
          .isInstanceOfSatisfying(
              HibernationOutcome.Failed.class,
              failed -> assertThat(failed.why()).contains(words).doesNotContain("X-Amz-"));
      assertThat(client.runToEnd("print(os.getpid())")).isEqualTo(pid);
      assertThat(client.runToEnd(CHECK)).isEqualTo("42 True True\n");
    }
  }

  @Test
  void aStoreThatIsAway() throws Exception {
    Kernel kernel = gateway.start("python3");
    server.stop();

    assertRunsOn(kernel, "the store did not take or give everything in time", "refused");

    server.startAgain();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      hibernate(kernel);
      server.stop();
      TestClient.Received reply = client.awaitReply(client.run("print(x)"));
      assertThat(reply.content().path("evalue").asText())
          .contains("its variables are still saved", "refused");
      server.startAgain();
      assertThat(client.runToEnd(CHECK)).isEqualTo("42 True True\n");
    }
  }

  @Test
  void aStoreThatSaysNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      reopen(
          URI.create("http://127.0.0.1:" + silent.getLocalPort()), BUCKET, ObjectServer.SECRET_KEY);
      assertRunsOn(gateway.start("python3"), "time");
    }
  }

  @Test
  void aStoreThatDoesNotKnowTheKey() throws Exception {
    reopen(server.endpoint(), BUCKET, "another-secret-key");
    assertRunsOn(
        gateway.start("python3"), "the object store answered 403", "SignatureDoesNotMatch");
  }

  @Test
  void aBucketThatIsMissing() throws Exception {
    reopen(server.endpoint(), "nowhere", ObjectServer.SECRET_KEY);
    assertRunsOn(gateway.start("python3"), "the object store answered 404", "NoSuchBucket");
  }
}
