// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import java.nio.file.Path;

/** Endpoints as other implementations spell them. */
final class Endpoints {

  private Endpoints() {}

  static ZmtpAddress parse(String endpoint) {
    String rest = endpoint.substring(endpoint.indexOf("://") + 3);
    if (endpoint.startsWith("ipc://")) {
      return new ZmtpAddress.Ipc(Path.of(rest));
    }
    int colon = rest.lastIndexOf(':');
    return new ZmtpAddress.Tcp(
        rest.substring(0, colon), Integer.parseInt(rest.substring(colon + 1)));
  }
}
