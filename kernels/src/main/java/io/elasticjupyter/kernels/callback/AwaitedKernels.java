// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.callback;

import io.elasticjupyter.kernels.KernelId;
import java.util.List;

/** The kernels whose launchers are expected to call. Called by many threads at once. */
public interface AwaitedKernels {

  /** What became of an answer, as a stable word for the log. */
  enum Verdict {
    TAKEN("taken"),
    /** Nobody started such a kernel, or not here. */
    UNKNOWN_KERNEL("unknown-kernel"),
    /** The first answer counts; this may be a copy. */
    ANSWERED_BEFORE("answered-before"),
    /** It came from elsewhere than from the kernel's Pod. */
    OTHER_ADDRESS("other-address");

    private final String code;

    Verdict(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  /** Those that have not answered yet. */
  List<KernelId> unanswered();

  /**
   * Takes an answer in.
   *
   * @param address of the caller, without a zone
   */
  Verdict answered(KernelAnswer answer, String address);
}
