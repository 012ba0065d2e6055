// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.accounting;

/** What a kernel does with what it is given. */
public enum Use {
  /** It runs something, or is being woken. */
  BUSY("busy"),
  /** It has a process that does nothing. */
  IDLE("idle"),
  /** It hibernates: others may have it. */
  GIVEN_BACK("given_back"),
  /** It has nothing yet, or nothing any more. */
  NONE("none");

  private final String wireName;

  Use(String wireName) {
    this.wireName = wireName;
  }

  /** Its name in metrics and models. */
  public String wireName() {
    return wireName;
  }
}
