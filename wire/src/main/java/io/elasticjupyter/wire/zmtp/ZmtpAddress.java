// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** Where a ZeroMQ peer listens. */
public sealed interface ZmtpAddress {

  /**
   * A TCP endpoint.
   *
   * @param host a name or a literal address; names are resolved at each connect
   * @param port 1 to 65535
   */
  record Tcp(String host, int port) implements ZmtpAddress {
    public Tcp {
      requireNonNull(host, "host");
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException("port out of range: " + port);
      }
    }

    @Override
    public String toString() {
      return "tcp://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /**
   * A unix domain socket. Names in Linux's abstract name space are not supported.
   *
   * @param path of the socket file, at most about 100 bytes long on the usual systems
   */
  record Ipc(Path path) implements ZmtpAddress {
    public Ipc {
      requireNonNull(path, "path");
    }

    @Override
    public String toString() {
      return "ipc://" + path;
    }
  }
}
