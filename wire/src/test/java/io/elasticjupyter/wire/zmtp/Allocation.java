// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What the JVM counts of a thread's allocations. */
final class Allocation {

  private Allocation() {}

  /** Bytes since the thread's start. */
  static long ofThisThread() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
  }
}
