// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.kernels.KernelFailure;

/** What the kernels room refuses, as HTTP. */
public final class KernelFailures {

  private KernelFailures() {}

  public static ApiFailure translated(KernelFailure failure) {
    FailureCode code =
        switch (failure) {
          case KernelFailure.KernelExists _ -> FailureCode.KERNEL_EXISTS;
          case KernelFailure.KernelGone _ -> FailureCode.KERNEL_UNKNOWN;
          case KernelFailure.NotAllowed _ -> FailureCode.NOT_ALLOWED;
          case KernelFailure.LaunchFailed _ -> FailureCode.LAUNCH_FAILED;
          case KernelFailure.HibernationFailed _ -> FailureCode.HIBERNATION_FAILED;
          case KernelFailure _ -> FailureCode.KERNEL_FAILED;
        };
    return ApiFailure.of(code, String.valueOf(failure.getMessage()));
  }

  /** The answer for an id that no kernel has. */
  public static ApiFailure unknown(String id) {
    return ApiFailure.of(FailureCode.KERNEL_UNKNOWN, "Kernel does not exist: " + id);
  }
}
