// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives out ports that nobody listens on at the moment, none of them twice, so that kernels may be
 * started side by side. Thread-safe.
 *
 * <p>They lie below the range from which Linux takes the local ports of outgoing connections: with
 * a thousand kernels some connection would otherwise take a port before its kernel binds it.
 */
final class Ports {
  private static final int LOWEST = 12_000;
  private static final int HIGHEST = 32_000;

  private final ReentrantLock giving = new ReentrantLock();
  private int next = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);

  List<Integer> free(int count) throws IOException {
    giving.lock();
    try {
      List<Integer> ports = new ArrayList<>();
      for (int tried = LOWEST; tried < HIGHEST && ports.size() < count; tried++) {
        next = next + 1 < HIGHEST ? next + 1 : LOWEST;
        if (isFree(next)) {
          ports.add(next);
        }
      }
      if (ports.size() < count) {
        throw new IOException("no free ports between %d and %d".formatted(LOWEST, HIGHEST));
      }
      return ports;
    } finally {
      giving.unlock();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
