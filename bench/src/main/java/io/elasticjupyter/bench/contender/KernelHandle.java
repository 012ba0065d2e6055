// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.load.WebSocketLink;
import java.io.IOException;

/** A started kernel. */
public interface KernelHandle {

  /** Connects to it; for raw ZeroMQ only the session of the options counts. */
  KernelLink connect(WebSocketLink.Options options) throws IOException;

  /** Connects with the usual options. */
  default KernelLink connect(String session) throws IOException {
    return connect(WebSocketLink.Options.of(session));
  }

  /** Ends it. */
  void stop() throws IOException;
}
