// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.api.certificate.ServerIdentity;
import io.elasticjupyter.kernels.hibernation.SleepRoom;
import io.elasticjupyter.kernels.hibernation.SnapshotKeys;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import io.elasticjupyter.kernels.vault.Grants;
import io.elasticjupyter.kernels.vault.SnapshotServer;
import io.elasticjupyter.kernels.vault.SnapshotVault;
import io.elasticjupyter.kernels.vault.VaultDoor;
import io.elasticjupyter.kernels.vault.VaultTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Kernels of this machine that reach their snapshots as those of a cluster do, over HTTPS. */
final class VaultElsewhere implements AutoCloseable {

  private static final byte[] SECRET =
      "a secret of the gateway's, long enough".getBytes(StandardCharsets.UTF_8);

  private final SnapshotServer server;
  private final SleepRoom room;

  VaultElsewhere(Path folderOfKernels) throws IOException {
    this(folderOfKernels, false);
  }

  /** Somebody of the same name with another certificate answers in the gateway's place. */
  static VaultElsewhere withImpostor(Path folderOfKernels) throws IOException {
    return new VaultElsewhere(folderOfKernels, true);
  }

  private VaultElsewhere(Path folderOfKernels, boolean impostor) throws IOException {
    Files.createDirectories(folderOfKernels);
    Grants grants = new Grants(new SecureRandom());
    VaultTls tls = tls(folderOfKernels.resolve("of-the-gateway.pem"));
    this.server =
        SnapshotServer.start(
            new InetSocketAddress(0),
            grants,
            impostor ? tls(folderOfKernels.resolve("of-the-impostor.pem")) : tls);
    SnapshotVault vault =
        new SnapshotVault(
            new VaultDoor(
                URI.create("https://localhost:" + server.port() + "/snapshots"),
                grants,
                Optional.of(tls)),
            folderOfKernels.toString());
    this.room = new SleepRoom(vault, new SnapshotKeys(SECRET));
  }

  private static VaultTls tls(Path file) throws IOException {
    InstantSource clock = InstantSource.system();
    Instant now = clock.instant();
    Files.writeString(
        file,
        ServerIdentity.fresh(
                List.of("localhost"), now, now.plus(Duration.ofHours(1)), new SecureRandom())
            .pem());
    return new VaultTls(file, clock);
  }

  /** The same kernels, with their snapshots there. */
  Provisioner with(Provisioner local) {
    return new Provisioner() {
      @Override
      public KernelProcess launch(LaunchRequest request) throws KernelFailure {
        return local.launch(request);
      }

      @Override
      public Optional<KernelProcess> adopt(LaunchRequest request, @Nullable ProcessRecord record)
          throws KernelFailure {
        return local.adopt(request, record);
      }

      @Override
      public void keepHouse(Path folder) {
        local.keepHouse(folder);
      }

      @Override
      public Optional<SleepRoom> sleepRoom(Path stateDirectory) {
        return Optional.of(room);
      }
    };
  }

  @Override
  public void close() {
    server.close();
  }
}
