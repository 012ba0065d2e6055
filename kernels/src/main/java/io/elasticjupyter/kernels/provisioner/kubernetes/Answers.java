// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import io.elasticjupyter.kernels.callback.KernelAnswer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What callers said of one run of a kernel, by where they called from: a launcher may be quicker
 * than the news of its Pod's address. Of each address the first answer counts. Not for several
 * threads.
 */
final class Answers {

  /** So many callers that are not the kernel are remembered; those behind them are turned away. */
  private static final int MOST = 16;

  private final Map<String, KernelAnswer> byAddress = new HashMap<>();

  /** Whether it was the first of its address. */
  boolean add(String address, KernelAnswer answer) {
    return byAddress.size() < MOST && byAddress.putIfAbsent(address, answer) == null;
  }

  /** What the kernel itself said, where its address is known. */
  @Nullable KernelAnswer of(@Nullable String address) {
    return address == null ? null : byAddress.get(address);
  }
}
