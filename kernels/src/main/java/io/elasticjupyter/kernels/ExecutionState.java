// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

/**
 * What clients are told a kernel does: the {@code execution_state} of models and iopub statuses.
 */
public enum ExecutionState {
  STARTING("starting"),
  IDLE("idle"),
  BUSY("busy"),
  RESTARTING("restarting"),
  DEAD("dead");

  private final String wireName;

  ExecutionState(String wireName) {
    this.wireName = wireName;
  }

  /** The word of the Jupyter messaging protocol. */
  public String wireName() {
    return wireName;
  }
}
