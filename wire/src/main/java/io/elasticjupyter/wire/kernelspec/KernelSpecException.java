// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.kernelspec;

/** A kernelspec that cannot be used, with a sentence for whoever keeps it. */
public final class KernelSpecException extends Exception {

  private static final long serialVersionUID = 1L;

  KernelSpecException(String why) {
    super(why);
  }

  /** Stable, in kebab case. */
  public String code() {
    return "invalid-kernelspec";
  }
}
