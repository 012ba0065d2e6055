// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One kernel, as the gateway sees it. Safe for any thread. */
public interface Kernel {

  KernelId id();

  /** A moment's view. */
  KernelModel model();

  /**
   * Attaches a client. What its session had not acknowledged comes first. The session's earlier
   * attachments, if there are any, end as replaced when the new one sends its first message.
   *
   * @param session the client's {@code session_id}; empty for a client that names none
   */
  Attachment attach(Optional<String> session);

  /** Interrupts what the kernel runs, by signal or message as its kernelspec says. */
  void interrupt() throws KernelFailure;

  /**
   * Lets the kernel hibernate now, if nothing runs in it. Completes when its process is gone, or it
   * is known why it runs on.
   */
  CompletableFuture<HibernationOutcome> hibernate();

  /**
   * Lets the kernel hibernate if it does not, and wakes it with another kernelspec, for example one
   * with a GPU. Completes when it wakes, or it is known why it runs on.
   */
  CompletableFuture<HibernationOutcome> move(KernelSpec target);

  /** Wakes the kernel if it hibernates; answers when that has begun. */
  void wake() throws KernelFailure;

  /** Starts the kernel anew under the same id; answers when the restart has begun. */
  void restart() throws KernelFailure;
}
