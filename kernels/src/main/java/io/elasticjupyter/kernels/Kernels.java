// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import java.util.List;
import java.util.Optional;

/** The kernels of this gateway. Safe for any thread. */
public interface Kernels {

  /** Asks for a kernel; answers at once, long before its process answers. */
  Kernel start(StartRequest request) throws KernelFailure;

  /** All kernels, oldest first. */
  List<Kernel> all();

  Optional<Kernel> find(KernelId id);

  /**
   * Ends a kernel in order and forgets it; answers when it is no longer listed, while its process
   * may still be shutting down. False where there was no such kernel.
   */
  boolean delete(KernelId id);
}
