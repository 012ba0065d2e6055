// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.kernels.hibernation.SnapshotKeys;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace;
import io.elasticjupyter.kernels.objects.ObjectStore;
import io.elasticjupyter.kernels.objects.ObjectStoreSettings;
import io.elasticjupyter.kernels.vault.Grants;
import io.elasticjupyter.kernels.vault.ObjectVault;
import io.elasticjupyter.kernels.vault.SnapshotServer;
import io.elasticjupyter.kernels.vault.VaultDoor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/** An object store for the kernels of this machine, which ask for links on loopback. */
final class StoreOfMachine implements AutoCloseable {

  private final ObjectStore store;
  private final SnapshotServer server;
  private final Grants grants;

  private StoreOfMachine(ObjectStore store, SnapshotServer server, Grants grants) {
    this.store = store;
    this.server = server;
    this.grants = grants;
  }

  static StoreOfMachine start(ObjectStoreSettings settings) throws IOException {
    Grants grants = new Grants(new SecureRandom());
    SnapshotServer server =
        SnapshotServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), grants);
    return new StoreOfMachine(new ObjectStore(settings, InstantSource.system()), server, grants);
  }

  SnapshotPlace place(SnapshotKeys keys) {
    return new ObjectVault(
        store,
        keys.owner(),
        VaultDoor.onLoopback(
            URI.create("http://127.0.0.1:%d/snapshots".formatted(server.port())), grants),
        Optional.empty(),
        SnapshotPlace.inKernelFolder(),
        InstantSource.system());
  }

  @Override
  public void close() {
    server.close();
    store.close();
  }
}
