// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.channels;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The websockets that are open, so that a gateway that goes down can tell its clients. */
public final class OpenSockets {

  private final Set<KernelSocket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /** Notes a websocket; one that opens while the gateway goes down is told at once. */
  void add(KernelSocket socket) {
    sockets.add(socket);
    if (stopping) {
      socket.stop();
    }
  }

  void remove(KernelSocket socket) {
    sockets.remove(socket);
  }

  /** Whether the gateway goes down. */
  public boolean stopping() {
    return stopping;
  }

  public int count() {
    return sockets.size();
  }

  /** Closes every websocket so that its client comes back (1012), and waits for them a moment. */
  public void stop(Duration patience) throws InterruptedException {
    stopping = true;
    stop(List.copyOf(sockets), patience);
  }

  /** The same for those that come by way of another replica, which leaves. */
  public void stopThoseVia(String replica, Duration patience) throws InterruptedException {
    stop(sockets.stream().filter(socket -> socket.isVia(replica)).toList(), patience);
  }

  private static void stop(List<KernelSocket> those, Duration patience)
      throws InterruptedException {
    CountDownLatch told = new CountDownLatch(those.size());
    for (KernelSocket socket : those) {
      // Each on its own thread: one that does not read must not keep the others.
      Thread.ofVirtual()
          .name("websocket-stop")
          .start(() -> {
            socket.stop();
            told.countDown();
          });
    }
    boolean _ = told.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
