// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.callback;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * The port on which a launcher takes signals for its kernel: one JSON object per connection, no
 * reply. It takes one connection after another.
 */
public record SignalPort(String address, int port) {

  private static final int CONNECT_MILLIS = 3_000;
  private static final int SIGINT = 2;

  /** Has the launcher interrupt its kernel. */
  public void interrupt() throws IOException {
    send("{\"signum\": " + SIGINT + "}");
  }

  /** Has the launcher end its own loop, for which a kernel that ends waits up to five seconds. */
  public void shutdown() throws IOException {
    send("{\"shutdown\": 1}");
  }

  private void send(String request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
    }
  }
}
