// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LocalPortsIT {

  private static final String LOOPBACK = "127.0.0.1";

  @Test
  void concurrentStartsNeverGetTheSamePort() throws Exception {
    LocalPorts ports = new LocalPorts(20_000, 20_600, new SecureRandom());
    List<Callable<LocalPorts.Chosen>> starts = new ArrayList<>();
    for (int start = 0; start < 50; start++) {
      starts.add(() -> ports.choose(LOOPBACK));
    }
    List<Integer> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<LocalPorts.Chosen> chosen : threads.invokeAll(starts)) {
        all.addAll(numbers(chosen.get()));
      }
    }
    assertThat(all).hasSize(250).doesNotHaveDuplicates().allMatch(p -> p >= 20_000 && p <= 20_600);
  }

  @Test
  void aPortThatSomebodyListensOnIsNotChosen() throws IOException, ConnectionException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      LocalPorts ports = new LocalPorts(port - 40, port, new SplittableRandom(1));
      for (int start = 0; start < 5; start++) {
        assertThat(numbers(ports.choose(LOOPBACK))).doesNotContain(port);
      }
    }
  }

  @Test
  void portsComeBackWhenTheirKernelHasEnded() throws ConnectionException {
    LocalPorts ports = new LocalPorts(21_000, 21_004, new SplittableRandom(1));
    ConnectionInfo first = ConnectionInfo.tcp(LOOPBACK, ports.choose(LOOPBACK), "", "");
    assertThatThrownBy(() -> ports.choose(LOOPBACK))
        .isInstanceOf(ConnectionException.NoFreePorts.class);
    ports.release(first);
    ports.keep(first);
    assertThatThrownBy(() -> ports.choose(LOOPBACK))
        .isInstanceOf(ConnectionException.NoFreePorts.class);
    ports.release(first);
    assertThat(numbers(ports.choose(LOOPBACK)))
        .containsExactlyInAnyOrder(21_000, 21_001, 21_002, 21_003, 21_004);
  }

  @Test
  void anAddressOfAnotherMachineHasNone() {
    LocalPorts ports = LocalPorts.outsideEphemeralRange(new SplittableRandom(1));
    // TEST-NET-1: nobody's.
    assertThatThrownBy(() -> ports.choose("192.0.2.1"))
        .isInstanceOf(ConnectionException.NoFreePorts.class);
  }

  private static List<Integer> numbers(LocalPorts.Chosen chosen) {
    return List.of(
        chosen.shell(), chosen.iopub(), chosen.stdin(), chosen.control(), chosen.heartbeat());
  }
}
