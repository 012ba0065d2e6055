// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api.wishes;

/** A client asks for more than it may have, or not in the form that is understood. */
public final class WishRefused extends Exception {

  private static final long serialVersionUID = 1L;

  WishRefused(String sentence) {
    super(sentence);
  }

  /** Which variable is refused and what it may hold, for the kernel's user. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
