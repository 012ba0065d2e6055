// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner;

import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.wire.connection.ConnectionInfo;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A kernel's process, or what stands for it. Safe for any thread. */
public interface KernelProcess {

  /** Where it listens, or will; known once {@link #awaitAddress} returned and it is alive. */
  ConnectionInfo connection();

  /**
   * Waits until it is known where it listens, or it has ended. That may take hours where it waits
   * for a device, and does not count as time in which the kernel does not answer.
   *
   * @param stage told in words what is waited for, each time that it changes
   */
  default void awaitAddress(Consumer<String> stage) throws InterruptedException {}

  /**
   * What is still being done before its program runs, in words; empty once it does. That it has an
   * address already does not mean that: a Pod's is known before its image is there. Such time does
   * not count as time in which the kernel does not answer either.
   */
  default Optional<String> preparing() {
    return Optional.empty();
  }

  /** How it is found again. */
  ProcessRecord record();

  boolean isAlive();

  /** Completes when it has ended. */
  CompletableFuture<ExitReport> exited();

  /** Sends the interrupt signal to it and what it started. */
  void interrupt() throws KernelFailure;

  /** Takes in that the kernel was asked by message to end, for what waits beside it. May block. */
  default void askedToEnd() {}

  /** Asks it and what it started to end. */
  void terminate();

  /** Ends it and what it started. */
  void kill();

  /**
   * Ends it at once because its variables are saved, so that whatever it holds is free until the
   * kernel is woken.
   */
  default void giveBack() {
    kill();
  }

  /** Lets it run on where it was stopped so that it could be kept as it is; else does nothing. */
  default void resume() {}

  /** The end of what it wrote to its standard output and error, at most a few kilobytes. */
  String outputTail();

  /** Gives back what was reserved for it, such as ports; after it has ended. */
  void release();
}
