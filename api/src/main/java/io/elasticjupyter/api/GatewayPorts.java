// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

/** The ports of a gateway, in its Pod and in front of it. */
public final class GatewayPorts {

  /** Where kernels in callback mode call it, as with Enterprise Gateway. */
  public static final int CALLBACK = 8877;

  /** Where kernels put and get their snapshots. */
  public static final int SNAPSHOTS = 8878;

  /** Where the replicas of a gateway reach each other. */
  public static final int PEERS = 8879;

  private GatewayPorts() {}
}
