// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.channels;

import io.elasticjupyter.gateway.http.HttpRequest;
import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.Kernel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Programs that execute notebooks through jupyter_client (nbclient, nbconvert, papermill) give a
 * kernel one second from the open websocket to its {@code kernel_info_reply}, and fail after it:
 * {@code wait_for_ready} then asks a provisioner that a gateway's kernel has not got
 * (jupyter_client 8). They are let in when the kernel answers. Their library, websocket-client,
 * sends an Origin and no User-Agent; browsers send both, and jupyter_server sends no Origin: those
 * want to hear of a slow start.
 */
final class ImpatientClient {

  /** They wait 40 seconds for the socket. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(20);

  private ImpatientClient() {}

  static boolean isIt(HttpRequest request) {
    return request.headers().first("User-Agent").isEmpty()
        && request.headers().first("Origin").isPresent()
        && request.headers().list("Sec-WebSocket-Protocol").isEmpty();
  }

  /** Waits while the kernel starts, for a time; blocks its virtual thread. */
  static void awaitStart(Kernel kernel) {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (kernel.model().executionState() == ExecutionState.STARTING
        && System.nanoTime() < deadline
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(POLL.toNanos());
    }
  }
}
