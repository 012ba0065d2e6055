// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.kernels.life.KernelParts;
import io.elasticjupyter.kernels.life.ManagedKernel;
import io.elasticjupyter.kernels.provisioner.KnownKernel;
import io.elasticjupyter.kernels.replicas.FinishedCopy;
import io.elasticjupyter.kernels.replicas.Territory;
import io.elasticjupyter.kernels.store.KernelStore;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The kernels that one of several gateways has, as they come and go. Safe for any thread. */
final class HeldKernels implements Territory.Holder {

  private static final System.Logger LOG = System.getLogger(HeldKernels.class.getName());

  /** More than clients, drain and files take together. */
  private static final Duration LET_GO = Duration.ofSeconds(20);

  private final KernelStore store;
  private final KernelParts parts;
  private final Adoption adoption;
  private final Map<KernelId, ManagedKernel> kernels;
  private final Map<KernelId, ManagedKernel> ending;
  private final Consumer<KernelId> onTakenUp;

  HeldKernels(
      KernelStore store,
      KernelParts parts,
      Map<KernelId, ManagedKernel> kernels,
      Map<KernelId, ManagedKernel> ending,
      Consumer<KernelId> onTakenUp) {
    this.store = store;
    this.parts = parts;
    this.adoption = new Adoption(store, parts, kernels, ending);
    this.kernels = kernels;
    this.ending = ending;
    this.onTakenUp = onTakenUp;
  }

  @Override
  public List<ManagedKernel> held() {
    return List.copyOf(kernels.values());
  }

  @Override
  public boolean holds(KernelId kernel) {
    return kernels.containsKey(kernel) || ending.containsKey(kernel);
  }

  @Override
  public boolean remembers(KernelId kernel) {
    return Files.exists(store.folder(kernel).path());
  }

  @Override
  public void takeUp(KernelId kernel, Optional<FinishedCopy> copy) {
    try {
      if (copy.isPresent()) {
        adoption.adopt(copy.get().found(), copy.get().output());
      } else {
        Optional<KernelStore.Found> stored = store.find(kernel);
        if (stored.isPresent()) {
          adoption.adopt(stored.get(), Optional.empty());
        }
      }
      if (!holds(kernel)) {
        Optional<KnownKernel> known =
            parts.provisioner().known().stream()
                .filter(each -> each.id().equals(kernel))
                .findFirst();
        if (known.isPresent()) {
          adoption.adopt(known.get());
        }
      }
      onTakenUp.accept(kernel);
    } catch (IOException | RuntimeException e) {
      LOG.log(
          Level.ERROR, "event=kernel-not-taken-up action=tried-again kernel=" + kernel.value(), e);
    }
  }

  @Override
  public void letGo(KernelId id, Runnable beforeFilesClose) throws InterruptedException {
    ManagedKernel kernel = kernels.remove(id);
    if (kernel == null) {
      return;
    }
    if (!kernel.detach(beforeFilesClose).await(LET_GO.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.log(Level.WARNING, "event=kernel-not-detached-in-time kernel={0}", id);
    }
    try {
      store.folder(id).delete();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=folder-left kernel={0} reason={1}", id, e.toString());
    }
  }
}
