// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import java.nio.file.Path;
import java.util.List;

/** The suite against JeroMQ, which announces ZMTP 3.0. */
final class JeroMqInteropIT extends InteropSuite {

  @Override
  InteropPeer start(Path folder, int heartbeatMillis, List<String> endpoints) {
    return new JeroMqPeer(heartbeatMillis, endpoints);
  }
}
