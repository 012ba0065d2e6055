// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace;
import io.elasticjupyter.kernels.vault.MountedVolume;
import io.elasticjupyter.testkit.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels that keep what they hold in a folder of a volume that they mount themselves. */
class MountedVolumeIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String STATE =
      "import os, hashlib, numpy; numbers = numpy.arange(500_000); data = os.urandom(3_000_000); same = [data, data];"
          + " view = memoryview(bytearray(data)); told = hashlib.sha256(data).hexdigest()";
  private static final String CHECK =
      "print(hashlib.sha256(data).hexdigest() == told, same[1] is data, bytes(view) == data, numbers.sum())";

  @TempDir Path folder;
  private KernelsUnderTest gateway;
  private MountedVolume volume;

  @BeforeEach
  void start() throws Exception {
    open(true);
  }

  @AfterEach
  void end() throws Exception {
    gateway.close();
  }

  /** Where the one kernel of a test has its folder, as a Pod has it by a mount. */
  private Path mount() {
    return folder.resolve("mount");
  }

  private Path inVolume(Kernel kernel) {
    return folder.resolve("volume/gw").resolve(kernel.id().value());
  }

  private void open(boolean maps) throws Exception {
    volume =
        new MountedVolume(
            new MountedVolume.Settings(folder.resolve("volume/gw"), mount().toString(), -1, maps),
            SnapshotPlace.inKernelFolder(),
            new ManualClock(Instant.now()));
    MountedVolume place = volume;
    gateway = KernelsUnderTest.keepingIn(folder, KernelSettings.defaults(), keys -> place);
    gateway.specs.ipykernel("python3");
  }

  private Kernel started() throws Exception {
    Kernel kernel = gateway.start("python3");
    volume.prepare(Path.of(kernel.id().value()));
    return kernel;
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  private static HibernationOutcome hibernate(Kernel kernel) throws Exception {
    return kernel.hibernate().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKernelSleepsIntoItsFolderAndWakesFromIt(boolean maps) throws Exception {
    gateway.close();
    open(maps);
    Kernel kernel = started();
    Files.createSymbolicLink(mount(), inVolume(kernel));
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd(STATE);
      for (int generation = 1; generation <= 3; generation++) {
        assertThat(hibernate(kernel)).isInstanceOf(HibernationOutcome.Hibernated.class);
        assertThat(names(inVolume(kernel))).contains("blobs", "gen-00000" + generation);
        assertThat(client.runToEnd(CHECK)).isEqualTo("True True True 124999750000\n");
      }
      assertThat(names(inVolume(kernel))).as("the newest and the one before").hasSize(3);
      assertThat(client.runToEnd("print('/blobs/' in open('/proc/self/maps').read())"))
          .isEqualTo(maps ? "True\n" : "False\n");
    }
    assertThat(volume.bytes(Path.of(kernel.id().value()))).isGreaterThan(3_000_000);
    gateway.kernels().delete(kernel.id());
    Awaitility.await("the folder of a deleted kernel is gone")
        .atMost(PATIENCE)
        .until(() -> !Files.exists(inVolume(kernel)));
  }

  @Test
  void whatTheGatewayDoesNotFindOnTheVolumeIsNoSnapshotAndTheKernelRunsOn() throws Exception {
    Kernel kernel = started();
    Files.createDirectories(mount());
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd(STATE);
      assertThat(hibernate(kernel))
          .isInstanceOfSatisfying(
              HibernationOutcome.Failed.class,
              failed ->
                  assertThat(failed.why()).contains("does not find on the volume", "no manifest"));
      assertThat(client.runToEnd(CHECK)).isEqualTo("True True True 124999750000\n");
    }
  }

  @Test
  void aKernelThatDoesNotMountTheVolumeSaysSoAndRunsOn() throws Exception {
    Kernel kernel = started();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd(STATE);
      assertThat(hibernate(kernel))
          .isInstanceOfSatisfying(
              HibernationOutcome.Failed.class,
              failed -> assertThat(failed.why()).contains("is not mounted here"));
      assertThat(client.runToEnd(CHECK)).isEqualTo("True True True 124999750000\n");
    }
  }

  @Test
  void foldersOfKernelsThatNobodyKnowsGoAfterADay() throws Exception {
    Kernel kernel = started();
    Path old = Files.createDirectories(folder.resolve("volume/gw/left-behind/gen-000001"));
    Files.writeString(old.resolve("pack"), "bytes");
    Path fresh = Files.createDirectories(folder.resolve("volume/gw/just-made"));
    for (Path each : List.of(old.getParent(), inVolume(kernel))) {
      Files.setLastModifiedTime(each, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    }

    volume.sweep(id -> id.equals(kernel.id().value()));

    assertThat(old.getParent()).doesNotExist();
    assertThat(fresh).exists();
    assertThat(inVolume(kernel)).exists();
  }
}
