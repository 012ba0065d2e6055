// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.link.FollowedOutput;
import io.elasticjupyter.kernels.log.LogLimits;
import io.elasticjupyter.kernels.log.MemoryBudget;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import io.elasticjupyter.kernels.store.KernelCopy;
import io.elasticjupyter.kernels.store.KernelStore;
import io.elasticjupyter.wire.zmtp.ZmtpOptions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The copies of other gateways' kernels that this one keeps. Safe for any thread. */
final class KernelCopies implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(KernelCopies.class.getName());

  private final KernelStore store;
  private final Provisioner provisioner;
  private final LogLimits limits;
  private final MemoryBudget budget;
  private final ZmtpOptions options;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<KernelId, CopiedKernel> copies = new HashMap<>();
  private boolean closed;

  KernelCopies(
      KernelStore store,
      Provisioner provisioner,
      LogLimits limits,
      MemoryBudget budget,
      ZmtpOptions options) {
    this.store = store;
    this.provisioner = provisioner;
    this.limits = limits;
    this.budget = budget;
    this.options = options;
  }

  /**
   * Takes in a piece of a copy.
   *
   * @throws IOException if it is damaged, or cannot be kept; the copy then begins anew
   */
  Peers.Answer add(KernelId id, KernelCopy piece) throws IOException {
    lock.lock();
    try {
      if (closed) {
        return Peers.Answer.REFUSED;
      }
      @Nullable CopiedKernel copy = copies.get(id);
      if (piece.whole()) {
        drop(id);
        copy = begin(id);
      } else if (copy == null) {
        return Peers.Answer.BEGIN_ANEW;
      }
      try {
        copy.add(id, piece);
      } catch (IOException e) {
        drop(id);
        throw e;
      }
      return copy.isFollowed() ? Peers.Answer.FOLLOWED : Peers.Answer.COPIED;
    } finally {
      lock.unlock();
    }
  }

  private CopiedKernel begin(KernelId id) {
    CopiedKernel copy =
        new CopiedKernel(store.copy(id), limits, budget, new KernelFollowing(provisioner, options));
    copies.put(id, copy);
    return copy;
  }

  /** Whether there is a copy of that kernel. */
  boolean has(KernelId id) {
    lock.lock();
    try {
      return copies.containsKey(id);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a copy as what the kernel is taken up from; empty where there is none, or it is of no use.
   */
  Optional<FinishedCopy> finish(KernelId id) {
    lock.lock();
    try {
      @Nullable CopiedKernel copy = copies.remove(id);
      if (copy == null) {
        return Optional.empty();
      }
      Optional<FollowedOutput> output = copy.finish();
      return Optional.of(new FinishedCopy(store.takeOver(id), output));
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "event=copy-of-no-use kernel={0} consequence=cells-in-flight-are-lost reason={1}",
          id,
          e.toString());
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Puts on disk what memory is too small for, and gives up what is needed no more, or behind. */
  void keepHouse(Predicate<KernelId> needed) {
    lock.lock();
    try {
      copies.values().forEach(CopiedKernel::flush);
      List.copyOf(copies.entrySet()).stream()
          .filter(each -> !needed.test(each.getKey()) || each.getValue().isBehind())
          .forEach(each -> drop(each.getKey()));
    } finally {
      lock.unlock();
    }
  }

  /** Gives a copy up that is kept no longer. */
  void giveUp(KernelId id) {
    lock.lock();
    try {
      drop(id);
    } finally {
      lock.unlock();
    }
  }

  private void drop(KernelId id) {
    @Nullable CopiedKernel copy = copies.remove(id);
    if (copy == null) {
      return;
    }
    copy.close();
    try {
      copy.delete();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=copy-not-deleted kernel={0} reason={1}", id, e.toString());
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      List.copyOf(copies.keySet()).forEach(this::drop);
    } finally {
      lock.unlock();
    }
  }
}
