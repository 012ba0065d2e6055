// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import io.elasticjupyter.kernels.KernelId;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Whose each kernel is, noted in a place that all replicas see and where of two that take the same
 * kernel one wins. Safe for any thread.
 */
public interface Claims {

  /** Of all kernels that there are, the {@link Replica#id} that has it, or "" where none does. */
  Map<KernelId, String> all();

  /**
   * Takes a kernel. Blocks.
   *
   * @param from who is noted to have it
   * @return false where somebody else is noted by now, the kernel is gone, or it is not known
   */
  boolean take(KernelId kernel, String from, String to);

  /**
   * Asks the place itself, past whatever is remembered here; empty where the kernel is gone.
   * Blocks.
   */
  Optional<String> ask(KernelId kernel);

  /** Calls back when a kernel has come, gone, or got another owner. Called once. */
  void onChange(Consumer<KernelId> changed);
}
