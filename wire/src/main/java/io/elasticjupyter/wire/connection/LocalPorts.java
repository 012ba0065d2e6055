// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Chooses free TCP ports for new kernels. A kernel binds its ports itself, a good while after they
 * were chosen, and fails if somebody took one in between. Two things keep that from happening: what
 * was chosen here is not chosen again until it is given back, and by default ports come from below
 * the range out of which the system serves outgoing connections and programs that ask for any port.
 *
 * <p>Safe for any thread. One instance serves all kernels of a process.
 */
public final class LocalPorts {

  static final int HIGHEST = 65535;

  private static final int PORTS_PER_KERNEL = 5;
  private static final int LOWEST_DEFAULT = 10_000;
  private static final int FEWEST_DEFAULT = 5_000;
  private static final int ATTEMPTS = 1_000;
  private static final Path EPHEMERAL_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
  private static final int EPHEMERAL_LOW_BY_IANA = 49_152;

  private final int lowest;
  private final int highest;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();
  private final BitSet chosen = new BitSet();

  /** The five ports of a kernel. */
  public record Chosen(int shell, int iopub, int stdin, int control, int heartbeat) {}

  /**
   * Ports of a range that an administrator names.
   *
   * @param lowest first port that may be used
   * @param highest last port that may be used
   */
  public LocalPorts(int lowest, int highest, RandomGenerator random) {
    if (lowest < 1 || highest > HIGHEST || highest - lowest + 1 < PORTS_PER_KERNEL) {
      throw new IllegalArgumentException(
          "a port range needs " + PORTS_PER_KERNEL + " ports between 1 and " + HIGHEST);
    }
    this.lowest = lowest;
    this.highest = highest;
    this.random = random;
  }

  /** Ports outside the range that this system gives out by itself, if there are enough of them. */
  public static LocalPorts outsideEphemeralRange(RandomGenerator random) {
    int ephemeralLow = ephemeralLow();
    return ephemeralLow - LOWEST_DEFAULT >= FEWEST_DEFAULT
        ? new LocalPorts(LOWEST_DEFAULT, ephemeralLow - 1, random)
        : new LocalPorts(LOWEST_DEFAULT, HIGHEST, random);
  }

  private static int ephemeralLow() {
    try {
      String low = Files.readString(EPHEMERAL_RANGE).strip().split("\\s+", 2)[0];
      return Integer.parseInt(low);
    } catch (IOException | NumberFormatException _) {
      // Not Linux: macOS and the BSDs follow IANA's range.
      return EPHEMERAL_LOW_BY_IANA;
    }
  }

  /**
   * Chooses five ports that are free on {@code ip} now and keeps them from being chosen again.
   *
   * @throws ConnectionException.NoFreePorts if none were found
   */
  public Chosen choose(String ip) throws ConnectionException {
    int[] ports = new int[PORTS_PER_KERNEL];
    int found = 0;
    for (int attempt = 0; attempt < ATTEMPTS && found < ports.length; attempt++) {
      int port = random.nextInt(lowest, highest + 1);
      if (claim(port)) {
        if (isFree(ip, port)) {
          ports[found++] = port;
        } else {
          unclaim(port);
        }
      }
    }
    if (found < ports.length) {
      for (int i = 0; i < found; i++) {
        unclaim(ports[i]);
      }
      throw new ConnectionException.NoFreePorts(ip, ATTEMPTS);
    }
    return new Chosen(ports[0], ports[1], ports[2], ports[3], ports[4]);
  }

  /** Keeps the ports of a kernel that runs already, after a gateway restart. */
  public void keep(ConnectionInfo info) {
    if (info.transport() == Transport.TCP) {
      for (int port : ports(info)) {
        claim(port);
      }
    }
  }

  /** Gives a kernel's ports back when it has ended. */
  public void release(ConnectionInfo info) {
    if (info.transport() == Transport.TCP) {
      for (int port : ports(info)) {
        unclaim(port);
      }
    }
  }

  private static int[] ports(ConnectionInfo info) {
    return new int[] {
      info.shellPort(), info.iopubPort(), info.stdinPort(), info.controlPort(), info.hbPort()
    };
  }

  private boolean claim(int port) {
    lock.lock();
    try {
      boolean free = !chosen.get(port);
      chosen.set(port);
      return free;
    } finally {
      lock.unlock();
    }
  }

  private void unclaim(int port) {
    lock.lock();
    try {
      chosen.clear(port);
    } finally {
      lock.unlock();
    }
  }

  private static boolean isFree(String ip, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      // Kernels bind with SO_REUSEADDR as well (libzmq does): a port in TIME_WAIT is free to them.
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(ip), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
