// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

/** The socket types of a Jupyter client, each with the types of peer that it talks to. */
public enum SocketType {
  /** Sends requests to a ROUTER and receives its replies: shell, control and stdin. */
  DEALER,
  /** Receives what it subscribed to from a PUB or XPUB: iopub. */
  SUB;

  /** The name in the {@code Socket-Type} property of READY. */
  String wireName() {
    return name();
  }

  boolean accepts(String peerType) {
    return switch (this) {
      case DEALER -> peerType.equals("ROUTER");
      case SUB -> peerType.equals("PUB") || peerType.equals("XPUB");
    };
  }
}
