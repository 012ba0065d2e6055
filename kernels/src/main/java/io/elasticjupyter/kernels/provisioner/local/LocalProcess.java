// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.provisioner.ExitReport;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.wire.connection.ConnectionInfo;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;

/** A kernel's process on this machine, the leader of its own session and process group. */
final class LocalProcess implements KernelProcess {

  private static final System.Logger LOG = System.getLogger(LocalProcess.class.getName());

  private final ProcessHandle handle;
  private final ProcessRecord record;
  private final ConnectionInfo connection;
  private final OutputFile output;
  private final CompletableFuture<ExitReport> exited;
  private final Runnable onRelease;

  LocalProcess(
      ProcessHandle handle,
      ProcessRecord record,
      ConnectionInfo connection,
      OutputFile output,
      CompletableFuture<ExitReport> exited,
      Runnable onRelease) {
    this.handle = handle;
    this.record = record;
    this.connection = connection;
    this.output = output;
    this.exited = exited;
    this.onRelease = onRelease;
  }

  @Override
  public ConnectionInfo connection() {
    return connection;
  }

  @Override
  public ProcessRecord record() {
    return record;
  }

  @Override
  public boolean isAlive() {
    // The parent of one that was adopted, or brought back, may take its end in seconds later.
    return handle.isAlive() && !exited.isDone() && !ProcFiles.isZombie(record.pid());
  }

  @Override
  public CompletableFuture<ExitReport> exited() {
    return exited;
  }

  @Override
  public void interrupt() throws KernelFailure {
    switch (signal(Signals.SIGINT)) {
      case SENT -> {}
      case NOBODY_THERE ->
          throw new KernelFailure.InterruptFailed("The kernel's process has ended already.");
      case REFUSED ->
          throw new KernelFailure.InterruptFailed(
              "The system refused to interrupt the kernel's process: it belongs to another user.");
    }
  }

  @Override
  public void terminate() {
    if (signal(Signals.SIGTERM) == Signals.Outcome.NOBODY_THERE) {
      // Its own group is not there yet, or could not be made: at least the process itself.
      handle.destroy();
    }
  }

  @Override
  public void kill() {
    if (signal(Signals.SIGKILL) == Signals.Outcome.NOBODY_THERE) {
      handle.destroyForcibly();
    }
  }

  @Override
  public void resume() {
    Signals.Outcome _ = signal(Signals.SIGCONT);
  }

  /**
   * What the process started may outlive it in its group. The system gives the number out again
   * only when that group is empty: then the signal would hit somebody else's.
   */
  private boolean isTakenByAnother() {
    return !handle.isAlive() && ProcessHandle.of(record.pid()).isPresent();
  }

  private Signals.Outcome signal(int signal) {
    Signals.Outcome outcome =
        isTakenByAnother() ? Signals.Outcome.NOBODY_THERE : Signals.toGroup(record.pid(), signal);
    LOG.log(
        Level.DEBUG,
        "event=signal pid={0,number,#} signal={1} outcome={2}",
        record.pid(),
        signal,
        outcome);
    return outcome;
  }

  @Override
  public String outputTail() {
    return output.tail();
  }

  @Override
  public void release() {
    onRelease.run();
  }
}
