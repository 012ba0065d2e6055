// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import io.elasticjupyter.bench.load.KernelLink;
import java.io.IOException;

/** A contender in the cluster, installed and ready. Safe for any thread. */
interface KernelSource extends AutoCloseable {

  /** Asks for a kernel; returns when that is answered, which may be before there is a Pod. */
  StartedKernel start() throws IOException;

  @Override
  void close();

  /** A kernel that was asked for. */
  interface StartedKernel {

    /** Name of the Pod that it runs in. */
    String pod();

    /** Connects to it, which waits for it where nobody has yet. */
    KernelLink connect(String session) throws IOException;

    /** It was idle for as long as it may be: what nobody else does for it then. */
    void idleLimitIsOver() throws IOException;

    /** Asks for its end; returns when that is answered. */
    void stop() throws IOException;
  }
}
