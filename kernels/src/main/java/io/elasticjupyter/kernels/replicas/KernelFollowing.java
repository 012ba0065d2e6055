// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.link.FollowedOutput;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.zmtp.ZmtpOptions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the output of a kernel that another gateway has, and to that of its next process when
 * it gets one. Safe for any thread.
 */
final class KernelFollowing implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(KernelFollowing.class.getName());

  /** After this a subscription has arrived also at a kernel that says nothing. */
  private static final Duration SETTLING = Duration.ofMillis(500);

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

  /** What is kept of one kernel. The kernel's gateway tells every few milliseconds what it has. */
  private static final long MOST_KEPT = 16L << 20;

  private final Provisioner provisioner;
  private final ZmtpOptions options;
  private final AtomicReference<@Nullable FollowedOutput> output = new AtomicReference<>();
  private @Nullable ProcessRecord followed;
  private @Nullable Thread thread;

  KernelFollowing(Provisioner provisioner, ZmtpOptions options) {
    this.provisioner = provisioner;
    this.options = options;
  }

  /**
   * Listens to that process from now on. Does not wait.
   *
   * @param process null where the kernel has none
   */
  void follow(LaunchRequest request, @Nullable ProcessRecord process) {
    if (Objects.equals(process, followed)) {
      return;
    }
    close();
    followed = process;
    if (process != null) {
      thread =
          Thread.ofVirtual()
              .name("kernel-following-" + request.id())
              .start(() -> run(request, process));
    }
  }

  private void run(LaunchRequest request, ProcessRecord record) {
    Semaphore pause = new Semaphore(0);
    try {
      while (true) {
        Optional<KernelProcess> process = adopt(request, record);
        if (process.isEmpty()) {
          return;
        }
        process.get().awaitAddress(stage -> {});
        while (process.get().isAlive()) {
          FollowedOutput current = output.get();
          if (current == null || current.isOver()) {
            connect(request, process.get());
          }
          boolean _ = pause.tryAcquire(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS);
        }
        boolean _ = pause.tryAcquire(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<KernelProcess> adopt(LaunchRequest request, ProcessRecord record) {
    try {
      return provisioner.adopt(request, record);
    } catch (KernelFailure e) {
      LOG.log(
          Level.WARNING,
          "event=kernel-not-followed kernel={0} reason={1}",
          request.id(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private void connect(LaunchRequest request, KernelProcess process) {
    try {
      FollowedOutput opened = FollowedOutput.open(process.connection(), options, MOST_KEPT);
      FollowedOutput before = output.getAndSet(opened);
      if (before != null) {
        before.close();
      }
      if (Thread.currentThread().isInterrupted()) {
        close(output.getAndSet(null));
      }
    } catch (IOException | MessageException e) {
      LOG.log(Level.DEBUG, "event=kernel-not-followed-yet kernel={0} reason={1}", request.id(), e);
    }
  }

  /** Forgets what the kernel's gateway has: everything up to that message. */
  void has(String lastOutput) {
    FollowedOutput current = output.get();
    if (current != null) {
      boolean _ = current.dropThrough(lastOutput);
    }
  }

  /** Whether nothing that the kernel says now would be missed. */
  boolean isSettled() {
    FollowedOutput current = output.get();
    return followed == null || (current != null && current.isSettled(SETTLING.toNanos()));
  }

  /** Gives the output away to whoever goes on with the kernel; empty where there is none. */
  Optional<FollowedOutput> take() {
    FollowedOutput taken = output.getAndSet(null);
    close();
    if (taken != null && taken.isOver()) {
      taken.close();
      return Optional.empty();
    }
    return Optional.ofNullable(taken);
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
    followed = null;
    close(output.getAndSet(null));
  }

  private static void close(@Nullable FollowedOutput output) {
    if (output != null) {
      output.close();
    }
  }
}
