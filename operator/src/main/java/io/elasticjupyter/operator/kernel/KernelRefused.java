// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.KernelReason;

/** Why no Pod is made for a kernel, in words for its user. */
public final class KernelRefused extends Exception {

  private static final long serialVersionUID = 1L;

  private final KernelReason reason;
  private final boolean heals;

  private KernelRefused(KernelReason reason, boolean heals, String message) {
    super(message);
    this.reason = reason;
    this.heals = heals;
  }

  /** What is asked for is never given. */
  static KernelRefused forever(KernelReason reason, String message) {
    return new KernelRefused(reason, false, message);
  }

  /** Something is missing that may still come. */
  static KernelRefused forNow(KernelReason reason, String message) {
    return new KernelRefused(reason, true, message);
  }

  KernelReason reason() {
    return reason;
  }

  boolean heals() {
    return heals;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
