// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.kernelspec;

/** A kernelspec that cannot be used, with a sentence for whoever keeps it. */
public final class KernelSpecException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  KernelSpecException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** What is wrong with its kernel.json, to be put after the file's name. */
  public String reason() {
    return reason;
  }

  /** Stable, in kebab case. */
  public String code() {
    return "invalid-kernelspec";
  }
}
