// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelPorts;
import io.elasticjupyter.api.KernelStatus;
import io.elasticjupyter.api.LaunchMode;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.callback.AwaitedKernels.Verdict;
import io.elasticjupyter.kernels.callback.KernelAnswer;
import io.elasticjupyter.kernels.callback.SignalPort;
import io.elasticjupyter.kernels.provisioner.ExitReport;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.wire.connection.ConnectionInfo;
import io.elasticjupyter.wire.connection.Transport;
import io.elasticjupyter.wire.message.Signer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a kernel's Pod, as the status of its JupyterKernel tells. */
final class PodProcess implements KernelProcess {

  private static final System.Logger LOG = System.getLogger(PodProcess.class.getName());

  /** A start that is quicker than this is not worth a word in the notebook. */
  private static final Duration SLOW = Duration.ofSeconds(3);

  private final String uid;
  private final KernelId kernel;
  private final int run;
  private final String key;
  private final String kernelName;
  private final Duration callbackPatience;
  private final Asker asker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final CompletableFuture<ExitReport> exited = new CompletableFuture<>();
  private final Answers answers = new Answers();
  private @Nullable String ip;
  private boolean running;
  private @Nullable LaunchMode launchMode;
  private @Nullable KernelAnswer answer;
  private boolean isAnswerKept;
  private OptionalLong callBy = OptionalLong.empty();
  private String stage = "The cluster has not answered yet";

  /** What a run needs of whoever asked for it. Calls may block. */
  interface Asker {

    /** Asks for the Pod's end. */
    void stop();

    /** Asks for its end until the kernel is woken. */
    void hibernate();

    /** Notes an answer where the next gateway finds it, since launchers call once. */
    void keep(KernelAnswer answer);
  }

  /**
   * A run of which nothing is known yet.
   *
   * @param uid of its resource: one of the same name may have been there before
   * @param key what it signs with in direct mode
   * @param callbackPatience how long its launcher may run in callback mode until it has called
   */
  PodProcess(
      String uid,
      KernelId kernel,
      int run,
      String key,
      String kernelName,
      Duration callbackPatience,
      Asker asker) {
    this.uid = uid;
    this.kernel = kernel;
    this.run = run;
    this.key = key;
    this.kernelName = kernelName;
    this.callbackPatience = callbackPatience;
    this.asker = asker;
  }

  KernelId kernel() {
    return kernel;
  }

  int run() {
    return run;
  }

  /** Takes in what the resource says now. */
  void seen(JupyterKernel resource) {
    if (!uid.equals(resource.getMetadata().getUid())) {
      return;
    }
    KernelStatus status = resource.getStatus();
    if (KernelResource.run(resource) > run) {
      ended(OptionalInt.empty(), "The kernel was started anew by somebody else.");
      return;
    }
    if (status == null || !Objects.equals(status.run(), run) || status.stage() == null) {
      return;
    }
    String message = Objects.requireNonNullElse(status.message(), "");
    switch (status.stage()) {
      case QUEUED, SCHEDULING, PULLING_IMAGE, STARTING -> isAt(message, status, false);
      case RUNNING -> runs(message, status);
      case ENDED ->
          ended(
              status.exitCode() == null ? OptionalInt.empty() : OptionalInt.of(status.exitCode()),
              message);
      case STOPPED -> ended(OptionalInt.empty(), "The kernel's Pod was stopped.");
      case HIBERNATED -> ended(OptionalInt.empty(), "The kernel's Pod was given back.");
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

  private void runs(String message, KernelStatus status) {
    if (status.launchMode() != LaunchMode.CALLBACK) {
      isAt(message, status, true);
      return;
    }
    lock.lock();
    try {
      if (callBy.isEmpty()) {
        callBy = OptionalLong.of(System.nanoTime() + callbackPatience.toNanos());
      }
      isAt("Its Pod runs, and its launcher has not called the gateway yet", status, true);
    } finally {
      lock.unlock();
    }
  }

  private void isAt(String message, KernelStatus status, boolean runs) {
    lock.lock();
    try {
      running = runs;
      stage = message.replaceAll("\\.$", "");
      launchMode = status.launchMode();
      if (status.ip() != null && !status.ip().isEmpty()) {
        ip = status.ip();
      }
      if (answer == null) {
        answer = answers.of(ip);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes in what an earlier gateway kept of this run. */
  void recall(KernelAnswer kept) {
    lock.lock();
    try {
      answer = kept;
      isAnswerKept = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean awaitsAnswer() {
    lock.lock();
    try {
      return isAlive() && answer == null && (ip == null || launchMode == LaunchMode.CALLBACK);
    } finally {
      lock.unlock();
    }
  }

  /** Takes in what somebody at this address says of this kernel. */
  Verdict answered(KernelAnswer given, String address) {
    lock.lock();
    try {
      if (ip != null && !ip.equals(address)) {
        return Verdict.OTHER_ADDRESS;
      }
      if (!awaitsAnswer() || !answers.add(address, given)) {
        return Verdict.ANSWERED_BEFORE;
      }
      answer = answers.of(ip);
      changed.signalAll();
      return Verdict.TAKEN;
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
    KernelAnswer toKeep = null;
    boolean silent;
    lock.lock();
    try {
      awaitReachable(told);
      silent = isAlive() && !isReachable();
      if (launchMode == LaunchMode.CALLBACK && !isAnswerKept) {
        toKeep = answer;
        isAnswerKept = true;
      }
    } finally {
      lock.unlock();
    }
    if (silent) {
      asker.stop();
      ended(
          OptionalInt.empty(),
          "The kernel's Pod runs, but its launcher did not call the gateway within %d seconds; its log may say why."
              .formatted(callbackPatience.toSeconds()));
    } else if (toKeep != null) {
      asker.keep(toKeep);
    }
  }

  /** Until there is an address, or never will be. */
  private void awaitReachable(Consumer<String> told) throws InterruptedException {
    long slow = System.nanoTime() + SLOW.toNanos();
    String last = "";
    while (!isReachable() && isAlive()) {
      long now = System.nanoTime();
      if (callBy.isPresent() && callBy.getAsLong() <= now) {
        return;
      }
      if (slow <= now && !stage.equals(last)) {
        last = stage;
        told.accept(stage);
      }
      if (slow > now) {
        boolean _ = changed.await(slow - now, TimeUnit.NANOSECONDS);
      } else if (callBy.isPresent()) {
        boolean _ = changed.await(callBy.getAsLong() - now, TimeUnit.NANOSECONDS);
      } else {
        changed.await();
      }
    }
  }

  private boolean isReachable() {
    return ip != null && (launchMode != LaunchMode.CALLBACK || answer != null);
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
      String address = Objects.requireNonNull(ip, "asked before the address is known");
      if (launchMode == LaunchMode.CALLBACK) {
        return Objects.requireNonNull(answer, "asked before the kernel has called").at(address);
      }
      return new ConnectionInfo(
          Transport.TCP,
          address,
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
    SignalPort port =
        signalPort()
            .orElseThrow(() ->
                new KernelFailure.InterruptFailed(
                    "A Pod takes no signals; its kernelspec must have interrupt_mode"
                        + " message."));
    try {
      port.interrupt();
    } catch (IOException e) {
      throw new KernelFailure.InterruptFailed(
          "The kernel's launcher does not take the interrupt: " + e.getMessage());
    }
  }

  private Optional<SignalPort> signalPort() {
    lock.lock();
    try {
      return launchMode == LaunchMode.CALLBACK
              && ip != null
              && answer != null
              && answer.signalPort() != 0
          ? Optional.of(new SignalPort(ip, answer.signalPort()))
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void askedToEnd() {
    Optional<SignalPort> port = signalPort();
    if (port.isPresent()) {
      try {
        port.get().shutdown();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "event=launcher-not-told-to-end reason={0}", e.toString());
      }
    }
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
      asker.stop();
    }
  }

  @Override
  public void giveBack() {
    if (isAlive()) {
      asker.hibernate();
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
