// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.wire.kernelspec.KernelSpec.InterruptMode;
import io.elasticjupyter.wire.message.Messages;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Interrupts what a kernel runs, by signal or message as its kernelspec says. */
final class Interrupt {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Interrupt() {}

  /**
   * Sends it; answers when the kernel has taken it.
   *
   * @throws KernelFailure if it does not
   */
  static void send(InterruptMode mode, LifeState.Connected kernel, Messages messages)
      throws KernelFailure {
    if (mode == InterruptMode.SIGNAL) {
      kernel.process().interrupt();
      return;
    }
    // Beside, since a kernel that hangs may not take it, and the caller shall not hang with it.
    FutureTask<Boolean> sending =
        new FutureTask<>(() -> {
          kernel.link().send(messages.interruptRequest());
          return true;
        });
    Thread.ofVirtual().name("kernel-interrupt").start(sending);
    try {
      boolean _ = sending.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new KernelFailure.InterruptFailed(
          "The interrupt did not reach the kernel: " + e.getCause());
    } catch (TimeoutException e) {
      throw new KernelFailure.InterruptFailed(
          "The kernel hangs and does not take the interrupt; restart it.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KernelFailure.InterruptFailed("The gateway is being stopped.");
    }
  }
}
