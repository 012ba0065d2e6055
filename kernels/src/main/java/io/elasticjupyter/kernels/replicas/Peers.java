// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.store.KernelCopy;
import java.io.IOException;

/** The way to the other replicas. Safe for any thread; calls block. */
public interface Peers {

  /** What a replica says to a piece of a copy. */
  enum Answer {
    /** Taken, and it listens to the kernel's output, or the kernel has none. */
    FOLLOWED,
    /** Taken; it does not listen yet. */
    COPIED,
    /** Not taken: it lacks what came before. Begin anew. */
    BEGIN_ANEW,
    /** The last piece was taken, and with it the kernel. */
    TAKEN,
    /** It leaves, or knows that the sender does not have the kernel. */
    REFUSED
  }

  /**
   * Gives a replica a piece of a kernel's copy.
   *
   * @throws IOException if it does not answer, or not in time
   */
  Answer give(Replica to, KernelId kernel, KernelCopy piece) throws IOException;

  /**
   * Lets a replica give a kernel's copy up, which is not kept there any more.
   *
   * @throws IOException if it does not answer, or not in time
   */
  void drop(Replica at, KernelId kernel) throws IOException;
}
