// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.connection;

/** What ZeroMQ runs over between gateway and kernel. */
public enum Transport {
  TCP("tcp"),
  /** Unix domain sockets; both ends on one machine. */
  IPC("ipc");

  private final String wireName;

  Transport(String wireName) {
    this.wireName = wireName;
  }

  /** The name in connection files. */
  public String wireName() {
    return wireName;
  }
}
