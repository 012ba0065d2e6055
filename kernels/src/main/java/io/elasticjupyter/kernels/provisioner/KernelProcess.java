// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner;

import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.wire.connection.ConnectionInfo;
import java.util.concurrent.CompletableFuture;

/** A kernel's process, or what stands for it. Safe for any thread. */
public interface KernelProcess {

  /** Where it listens, or will. */
  ConnectionInfo connection();

  /** How it is found again. */
  ProcessRecord record();

  boolean isAlive();

  /** Completes when it has ended. */
  CompletableFuture<ExitReport> exited();

  /** Sends the interrupt signal to it and what it started. */
  void interrupt() throws KernelFailure;

  /** Asks it and what it started to end. */
  void terminate();

  /** Ends it and what it started. */
  void kill();

  /** The end of what it wrote to its standard output and error, at most a few kilobytes. */
  String outputTail();

  /** Gives back what was reserved for it, such as ports; after it has ended. */
  void release();
}
