// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

import java.time.Duration;
import java.util.List;

/**
 * Answers 101 and hands the connection to another protocol.
 *
 * @param headers header fields of the 101 response
 * @param stallTimeout a connection that moves no byte for so long is ended; zero for never
 * @param protocol what runs on the connection afterwards
 */
public record ProtocolSwitch(List<Header> headers, Duration stallTimeout, Protocol protocol)
    implements HttpAnswer {

  public ProtocolSwitch {
    headers = List.copyOf(headers);
  }

  /** What runs on a connection that is no longer HTTP. */
  @FunctionalInterface
  public interface Protocol {
    /** Runs on a virtual thread of its own; the stream is closed when it returns. */
    void run(ByteStream stream) throws InterruptedException;
  }
}
