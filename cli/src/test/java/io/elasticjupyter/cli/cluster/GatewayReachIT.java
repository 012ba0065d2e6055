// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class GatewayReachIT {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final List<String> told = new CopyOnWriteArrayList<>();

  @Test
  void aGatewayThatComesUpLaterIsWaitedForAndToldOnce() throws Exception {
    try (ServerSocket gateway = listening()) {
      InetSocketAddress closed = closedPort();
      AtomicInteger tries = new AtomicInteger();
      GatewayReach reach =
          new GatewayReach(
              () -> tries.incrementAndGet() < 4 ? closed : address(gateway),
              "http://gw:8888",
              told::add);
      Thread answering = answers(gateway, "HTTP/1.1 403 Forbidden\r\n\r\n");

      assertThat(reach.await(LONG)).as("any answer is one").isTrue();
      answering.join();
      assertThat(told).hasSize(2);
      assertThat(told.getFirst())
          .startsWith("The gateway http://gw:8888 does not answer yet: Connection refused");
      assertThat(told.getLast()).startsWith("The gateway http://gw:8888 answers, after ");
    }
  }

  @Test
  void aNameThatIsNotKnownIsSaid() throws Exception {
    InetSocketAddress unknown = InetSocketAddress.createUnresolved("gw.default", 8888);

    assertThat(new GatewayReach(() -> unknown, "gw", told::add).await(Duration.ofMillis(300)))
        .isFalse();
    assertThat(told).containsExactly("The gateway gw does not answer yet: no such name");
  }

  @Test
  void somethingElseAtThePortIsNoGateway() throws Exception {
    try (ServerSocket other = listening()) {
      Thread answering = answers(other, "SSH-2.0-x\r\n");

      assertThat(new GatewayReach(() -> address(other), "gw", told::add).await(Duration.ZERO))
          .isFalse();
      answering.join();
      assertThat(told).containsExactly("The gateway gw does not answer yet: no HTTP");
    }
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private static InetSocketAddress address(ServerSocket server) {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  private static InetSocketAddress closedPort() throws IOException {
    try (ServerSocket server = listening()) {
      return address(server);
    }
  }

  /** Answers one client, once it has asked. */
  private static Thread answers(ServerSocket server, String answer) {
    return Thread.ofVirtual()
        .start(() -> {
          try (Socket client = server.accept()) {
            assertThat(client.getInputStream().read()).isEqualTo('G');
            client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
