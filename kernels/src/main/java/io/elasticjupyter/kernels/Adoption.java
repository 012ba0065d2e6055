// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.kernels.life.KernelIdentity;
import io.elasticjupyter.kernels.life.KernelParts;
import io.elasticjupyter.kernels.life.ManagedKernel;
import io.elasticjupyter.kernels.link.FollowedOutput;
import io.elasticjupyter.kernels.provisioner.KnownKernel;
import io.elasticjupyter.kernels.store.KernelRecord;
import io.elasticjupyter.kernels.store.KernelStore;
import io.elasticjupyter.kernels.store.SleepRecord;
import io.elasticjupyter.wire.kernelspec.KernelSpecException;
import io.elasticjupyter.wire.kernelspec.KernelSpecReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Takes up kernels that an earlier gateway left, or another one: those of the state directory, and
 * those that the provisioner knows of. Connecting to them goes on behind. Safe for any thread as
 * long as no two take up the same kernel.
 */
final class Adoption {

  private static final System.Logger LOG = System.getLogger(Adoption.class.getName());

  private final KernelStore store;
  private final KernelParts parts;
  private final Map<KernelId, ManagedKernel> found;
  private final Map<KernelId, ManagedKernel> ending;

  /**
   * @param found takes those that go on
   * @param ending takes those that were being ended, which goes on
   */
  Adoption(
      KernelStore store,
      KernelParts parts,
      Map<KernelId, ManagedKernel> found,
      Map<KernelId, ManagedKernel> ending) {
    this.store = store;
    this.parts = parts;
    this.found = found;
    this.ending = ending;
  }

  /** Takes up all that there are. */
  void adoptAll() throws IOException {
    for (KernelStore.Found stored : store.load()) {
      adopt(stored, Optional.empty());
    }
    // A gateway on another node has no state directory, and finds its kernels all the same.
    for (KnownKernel known : parts.provisioner().known()) {
      if (!found.containsKey(known.id()) && !ending.containsKey(known.id())) {
        adopt(known);
      }
    }
  }

  /**
   * Takes up a kernel that is noted in its folder. One that cannot be read is set aside.
   *
   * @param output what it said since it was noted; empty where nobody listened
   */
  void adopt(KernelStore.Found stored, Optional<FollowedOutput> output) throws IOException {
    KernelRecord record = stored.record();
    try {
      KernelIdentity identity =
          new KernelIdentity(
              new KernelId(record.id()),
              KernelSpecReader.of(
                  record.specName(), Path.of(record.specDirectory()), record.spec()),
              record.username(),
              record.env(),
              Optional.ofNullable(record.workingDirectory()).map(Path::of),
              record.startedAt(),
              KernelIdentity.newZmqIdentity(parts.ids().get()),
              Optional.of(record.identity()),
              stored.folder());
      ManagedKernel kernel = ManagedKernel.adopt(identity, parts, record, output);
      if (record.deleting()) {
        ending.put(kernel.id(), kernel);
        kernel.delete("The kernel was being ended when the gateway stopped.");
      } else {
        found.put(kernel.id(), kernel);
      }
      LOG.log(
          Level.INFO,
          "event=kernel-found kernel={0} spec={1} deleting={2}",
          record.id(),
          record.specName(),
          record.deleting());
    } catch (KernelSpecException | IOException | RuntimeException e) {
      output.ifPresent(FollowedOutput::close);
      store.setAside(stored, e);
    }
  }

  /** Takes up a kernel of which nothing but the provisioner's knowledge is there. */
  void adopt(KnownKernel known) throws IOException {
    KernelIdentity identity =
        new KernelIdentity(
            known.id(),
            known.spec(),
            known.username(),
            known.env(),
            Optional.empty(),
            known.startedAt(),
            KernelIdentity.newZmqIdentity(parts.ids().get()),
            Optional.empty(),
            store.folder(known.id()));
    ManagedKernel kernel =
        ManagedKernel.adopt(
            identity,
            parts,
            identity.record(known.record(), true, null, false, sleep(known), known.held()),
            Optional.empty());
    found.put(kernel.id(), kernel);
    LOG.log(Level.INFO, "event=kernel-known kernel={0} spec={1}", known.id(), known.spec().name());
  }

  private static SleepRecord sleep(KnownKernel known) {
    return known
        .asleep()
        .map(pinned ->
            new SleepRecord(
                pinned.snapshot().generation(),
                pinned.snapshot(),
                true,
                pinned.kernelInfo(),
                null,
                null))
        .orElse(SleepRecord.NEVER);
  }
}
