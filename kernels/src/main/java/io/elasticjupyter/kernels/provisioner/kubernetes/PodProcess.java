// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelPorts;
import io.elasticjupyter.api.KernelStatus;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.provisioner.ExitReport;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.wire.connection.ConnectionInfo;
import io.elasticjupyter.wire.connection.Transport;
import io.elasticjupyter.wire.message.Signer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a kernel's Pod, as the status of its JupyterKernel tells. */
final class PodProcess implements KernelProcess {

  /** A start that is quicker than this is not worth a word in the notebook. */
  private static final Duration SLOW = Duration.ofSeconds(3);

  private final String uid;
  private final int run;
  private final String key;
  private final String kernelName;
  private final Runnable stop;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final CompletableFuture<ExitReport> exited = new CompletableFuture<>();
  private @Nullable String ip;
  private boolean running;
  private String stage = "The cluster has not answered yet";

  /**
   * A run of which nothing is known yet.
   *
   * @param uid of its resource: one of the same name may have been there before
   * @param stop asks for the Pod's end
   */
  PodProcess(String uid, int run, String key, String kernelName, Runnable stop) {
    this.uid = uid;
    this.run = run;
    this.key = key;
    this.kernelName = kernelName;
    this.stop = stop;
  }

  /** Takes in what the resource says now. */
  void seen(JupyterKernel kernel) {
    if (!uid.equals(kernel.getMetadata().getUid())) {
      return;
    }
    KernelStatus status = kernel.getStatus();
    if (KernelResource.run(kernel) > run) {
      ended(OptionalInt.empty(), "The kernel was started anew by somebody else.");
      return;
    }
    if (status == null || !Objects.equals(status.run(), run) || status.stage() == null) {
      return;
    }
    String message = Objects.requireNonNullElse(status.message(), "");
    switch (status.stage()) {
      case QUEUED, SCHEDULING, PULLING_IMAGE, STARTING -> isAt(message, status.ip(), false);
      case RUNNING -> isAt(message, status.ip(), true);
      case ENDED ->
          ended(
              status.exitCode() == null ? OptionalInt.empty() : OptionalInt.of(status.exitCode()),
              message);
      case STOPPED -> ended(OptionalInt.empty(), "The kernel's Pod was stopped.");
    }
  }

  /** Takes in that the resource is gone, which its gateway did not ask for. */
  void gone(JupyterKernel kernel) {
    if (uid.equals(kernel.getMetadata().getUid())) {
      ended(
          new ExitReport(
              OptionalInt.empty(),
              Optional.of(
                  "The kernel's JupyterKernel was deleted in the cluster, its Pod with it; restart"
                      + " the kernel to have a new one."),
              true));
    }
  }

  private void isAt(String message, @Nullable String address, boolean runs) {
    lock.lock();
    try {
      running = runs;
      stage = message.replaceAll("\\.$", "");
      if (address != null && !address.isEmpty()) {
        ip = address;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void ended(OptionalInt code, String why) {
    ended(new ExitReport(code, Optional.of(why)));
  }

  private void ended(ExitReport report) {
    exited.complete(report);
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void awaitAddress(Consumer<String> told) throws InterruptedException {
    long slow = System.nanoTime() + SLOW.toNanos();
    String last = "";
    lock.lock();
    try {
      while (ip == null && isAlive()) {
        long left = slow - System.nanoTime();
        if (left <= 0 && !stage.equals(last)) {
          last = stage;
          told.accept(stage);
        }
        if (left > 0) {
          boolean _ = changed.await(left, TimeUnit.NANOSECONDS);
        } else {
          changed.await();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<String> preparing() {
    lock.lock();
    try {
      return running ? Optional.empty() : Optional.of(stage);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ConnectionInfo connection() {
    lock.lock();
    try {
      return new ConnectionInfo(
          Transport.TCP,
          Objects.requireNonNull(ip, "asked before the address is known"),
          KernelPorts.SHELL,
          KernelPorts.IOPUB,
          KernelPorts.STDIN,
          KernelPorts.CONTROL,
          KernelPorts.HEARTBEAT,
          key,
          Signer.DEFAULT_SCHEME,
          kernelName);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ProcessRecord record() {
    return new ProcessRecord(run, 0);
  }

  @Override
  public boolean isAlive() {
    return !exited.isDone();
  }

  @Override
  public CompletableFuture<ExitReport> exited() {
    return exited;
  }

  @Override
  public void interrupt() throws KernelFailure {
    throw new KernelFailure.InterruptFailed(
        "A Pod takes no signals; its kernelspec must have interrupt_mode message.");
  }

  @Override
  public void terminate() {
    stop();
  }

  @Override
  public void kill() {
    stop();
  }

  private void stop() {
    if (isAlive()) {
      stop.run();
    }
  }

  /** A Pod's output is not the gateway's to read; the operator's sentence says what is known. */
  @Override
  public String outputTail() {
    return "";
  }

  @Override
  public void release() {}
}
