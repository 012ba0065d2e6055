// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

/**
 * The ports of every kernel in direct mode: its Pod has a network of its own, so they are fixed.
 */
public final class KernelPorts {

  public static final int SHELL = 52317;
  public static final int IOPUB = 52318;
  public static final int STDIN = 52319;
  public static final int CONTROL = 52320;
  public static final int HEARTBEAT = 52321;

  private KernelPorts() {}
}
