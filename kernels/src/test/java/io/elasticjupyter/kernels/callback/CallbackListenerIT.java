// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.callback;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.KernelId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The listener over real sockets: what launchers send, and what they would never send. */
final class CallbackListenerIT {

  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final List<KernelAnswer> answers = new CopyOnWriteArrayList<>();
  private final AwaitedKernels kernels =
      new AwaitedKernels() {
        @Override
        public List<KernelId> unanswered() {
          return List.of(Records.KERNEL);
        }

        @Override
        public Verdict answered(KernelAnswer answer, String address) {
          assertThat(address).isEqualTo("127.0.0.1");
          answers.add(answer);
          return Verdict.TAKEN;
        }
      };
  private CallbackListener listener;

  @BeforeEach
  void start() throws IOException {
    listener = start(false);
  }

  private CallbackListener start(boolean acceptsVersion0) throws IOException {
    return CallbackListener.start(
        new CallbackListener.Settings(0, Records.gatewayKey(), acceptsVersion0, PATIENCE), kernels);
  }

  @AfterEach
  void stop() throws IOException {
    listener.close();
  }

  @Test
  void aRecordIsTakenWhenItsCallerHasClosed() throws IOException {
    try (Socket socket = call()) {
      byte[] record = Records.ofLauncher();
      for (byte each : record) {
        socket.getOutputStream().write(each);
      }
      socket.shutdownOutput();
      assertThat(socket.getInputStream().read()).as("nothing is sent back").isEqualTo(-1);
    }

    awaitAnswers(1);
    assertThat(answers.getFirst().kernel()).isEqualTo(Records.KERNEL);
  }

  @Test
  void garbageAndRecordsThatAreTooLongAreDroppedAndOthersGoOn() throws IOException {
    send("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
    send(new byte[0]);
    send(Records.ofOldLauncher());
    try (Socket socket = call()) {
      assertClosedByListener(socket, "A".repeat(64 * 1024).getBytes(US_ASCII));
    }
    send(Records.ofLauncher());

    awaitAnswers(1);
  }

  @Test
  void aCallerThatSendsSlowlyIsDroppedWhenItsTimeIsOver() throws IOException {
    try (Socket socket = call()) {
      long start = System.nanoTime();
      socket.getOutputStream().write('e');
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE.multipliedBy(8));
    }
    assertThat(answers).isEmpty();
  }

  @Test
  void oneAddressGetsFewConnectionsAtATime() throws IOException {
    List<Socket> held = new ArrayList<>();
    try {
      for (int each = 0; each < 4; each++) {
        held.add(call());
      }
      try (Socket fifth = call()) {
        long start = System.nanoTime();
        assertThat(fifth.getInputStream().read()).isEqualTo(-1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
      }
    } finally {
      for (Socket each : held) {
        each.close();
      }
    }
    Awaitility.await("the next is heard again")
        .untilAsserted(() -> {
          send(Records.ofLauncher());
          assertThat(answers).isNotEmpty();
        });
  }

  @Test
  void anOldRecordIsTakenWhereOldLaunchersAre() throws IOException {
    try (CallbackListener lenient = start(true)) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), lenient.port())) {
        socket.getOutputStream().write(Records.ofOldLauncher());
      }
      awaitAnswers(1);
    }
  }

  @Test
  void aLauncherIsToldInOneObject() throws IOException {
    try (ServerSocket launcher = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
      SignalPort port = new SignalPort("127.0.0.1", launcher.getLocalPort());
      port.interrupt();
      port.shutdown();

      assertThat(heard(launcher)).isEqualTo("{\"signum\": 2}");
      assertThat(heard(launcher)).isEqualTo("{\"shutdown\": 1}");
    }
  }

  private static String heard(ServerSocket launcher) throws IOException {
    try (Socket socket = launcher.accept()) {
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  private void awaitAnswers(int count) {
    Awaitility.await("answers").until(() -> answers.size() == count);
  }

  private Socket call() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), listener.port());
  }

  private void send(byte[] record) throws IOException {
    try (Socket socket = call()) {
      socket.getOutputStream().write(record);
    }
  }

  private static void assertClosedByListener(Socket socket, byte[] sent) throws IOException {
    try {
      socket.getOutputStream().write(sent);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (SocketException reset) {
      // It closed with bytes unread, which TCP tells so.
      assertThat(reset).hasMessageMatching("(?i).*(reset|broken pipe|abort).*");
    }
  }
}
