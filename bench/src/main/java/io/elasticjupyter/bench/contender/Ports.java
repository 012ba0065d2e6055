// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives out ports that nobody listens on at the moment, none of them twice, so that kernels may be
 * started side by side. Thread-safe.
 */
final class Ports {
  private final Set<Integer> given = new HashSet<>();
  private final ReentrantLock giving = new ReentrantLock();

  List<Integer> free(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    giving.lock();
    try {
      while (ports.size() < count) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        if (given.add(socket.getLocalPort())) {
          ports.add(socket.getLocalPort());
        }
      }
    } finally {
      giving.unlock();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
    return ports;
  }
}
