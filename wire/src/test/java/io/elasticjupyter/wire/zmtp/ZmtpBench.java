// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.elasticjupyter.testkit.ProcessUnderTest;
import io.elasticjupyter.testkit.PythonEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * What a message and an idle socket cost, printed and not judged. No part of the gate; run it by
 *
 * <pre>{@code
 * ./mvnw -pl wire -am verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dit.test=ZmtpBench -Dfailsafe.failIfNoSpecifiedTests=false
 * }</pre>
 *
 * <p>The peers are processes of their own, so that the CPU time of this one is that of the client.
 */
final class ZmtpBench {

  private static final int ROUNDS = 6;
  private static final int MESSAGES = 200_000;
  private static final int ROUND_TRIPS = 20_000;
  private static final int IDLE_SOCKETS = 1_000;
  private static final List<byte[]> MESSAGE =
      List.of(
          "<IDS|MSG>".getBytes(US_ASCII),
          new byte[64],
          new byte[220],
          new byte[220],
          "{}".getBytes(US_ASCII),
          new byte[500]);

  @TempDir private Path folder;

  /** One measured action: sends what is asked, and receives one message. */
  private interface Client {
    void send(List<byte[]> parts) throws IOException;

    int receive() throws IOException;
  }

  @Test
  void receivingFromAPeerThatIsNeverTheLimit() throws Exception {
    Path script = folder.resolve("canned_peer.py");
    try (InputStream source =
        Objects.requireNonNull(ZmtpBench.class.getResourceAsStream("canned_peer.py"))) {
      Files.copy(source, script);
    }
    try (ProcessUnderTest process =
        ProcessUnderTest.start(
            "canned peer",
            folder,
            Map.of(),
            List.of(PythonEnvironment.get().python().toString(), script.toString()))) {
      String ready = process.awaitLine(line -> line.startsWith("ready "), Duration.ofMinutes(1));
      int port = Integer.parseInt(ready.substring("ready ".length()));
      List<byte[]> small = List.of(text(MESSAGES), text(500));
      List<byte[]> large = List.of(text(1_000), text(1_000_000));
      onVirtualThread(() -> {
        try (ZmtpSocket socket =
            ZmtpSocket.connect(
                new ZmtpAddress.Tcp("127.0.0.1", port),
                io.elasticjupyter.wire.zmtp.SocketType.DEALER,
                new byte[0],
                ZmtpOptions.defaults())) {
          flood("ours, canned, 1 KB", ours(socket), small, MESSAGES);
          flood("ours, canned, 1 MB", ours(socket), large, 1_000);
        }
      });
      try (ZContext context = new ZContext()) {
        ZMQ.Socket socket = context.createSocket(SocketType.DEALER);
        socket.setHWM(0);
        socket.connect("tcp://127.0.0.1:" + port);
        flood("JeroMQ, canned, 1 KB", jeroMq(socket), small, MESSAGES);
        flood("JeroMQ, canned, 1 MB", jeroMq(socket), large, 1_000);
      }
    }
  }

  @Test
  void receivingAndRoundTripsWithLibzmq() throws Exception {
    List<byte[]> request = new ArrayList<>(List.of("REPEAT".getBytes(US_ASCII), text(MESSAGES)));
    request.addAll(MESSAGE);
    for (List<String> endpoints :
        List.of(
            InteropSuite.TCP,
            List.of(
                "ipc://" + folder.resolve("r"),
                "ipc://" + folder.resolve("p"),
                "ipc://" + folder.resolve("x")))) {
      String transport = endpoints.getFirst().substring(0, 3);
      try (LibzmqPeer peer = LibzmqPeer.start(folder, 0, endpoints)) {
        onVirtualThread(() -> {
          try (ZmtpSocket socket = InteropSuite.dealer(peer, "bench")) {
            flood("ours, libzmq, " + transport, ours(socket), request, MESSAGES);
            roundTrips("ours, libzmq, " + transport, ours(socket));
          }
        });
        if (peer.router() instanceof ZmtpAddress.Tcp address) {
          try (ZContext context = new ZContext()) {
            ZMQ.Socket socket = context.createSocket(SocketType.DEALER);
            socket.setHWM(0);
            socket.connect(address.toString());
            flood("JeroMQ, libzmq, tcp", jeroMq(socket), request, MESSAGES);
            roundTrips("JeroMQ, libzmq, tcp", jeroMq(socket));
          }
        }
      }
    }
  }

  @Test
  void idleSocketsWithAReaderEach() throws Exception {
    try (LibzmqPeer peer = LibzmqPeer.start(folder, 0, InteropSuite.TCP)) {
      List<ZmtpSocket> sockets = new ArrayList<>();
      List<Thread> readers = new ArrayList<>();
      try (ZmtpSocket first = InteropSuite.dealer(peer, "first")) {
        first.send(List.of("WHO".getBytes(US_ASCII)));
        first.receive();
        long before = heapInUse();
        for (int i = 0; i < IDLE_SOCKETS; i++) {
          ZmtpSocket socket = InteropSuite.dealer(peer, "idle-" + i);
          socket.send(List.of("WHO".getBytes(US_ASCII)));
          socket.receive();
          sockets.add(socket);
          readers.add(Thread.ofVirtual().start(() -> receiveUntilClosed(socket)));
        }
        long each = (heapInUse() - before) / IDLE_SOCKETS;
        System.out.printf("idle: %d sockets, %d bytes of heap each%n", IDLE_SOCKETS, each);
      } finally {
        for (ZmtpSocket socket : sockets) {
          socket.close();
        }
      }
      for (Thread reader : readers) {
        reader.join();
      }
    }
  }

  private static void flood(String name, Client client, List<byte[]> request, int count)
      throws IOException {
    double[] micros = new double[ROUNDS];
    double[] perSecond = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      client.send(request);
      long start = System.nanoTime();
      long cpu = cpuNanos();
      for (int i = 0; i < count; i++) {
        if (client.receive() != MESSAGE.size()) {
          throw new AssertionError("a message of another shape");
        }
      }
      micros[round] = (cpuNanos() - cpu) / 1e3 / count;
      perSecond[round] = count / ((System.nanoTime() - start) / 1e9);
    }
    // The first rounds are those of a JVM that is still compiling.
    System.out.printf(
        "flood: %s: %.0f messages/s, %.2f us CPU each (medians of %d)%n",
        name, median(perSecond), median(micros), ROUNDS - 2);
  }

  private static void roundTrips(String name, Client client) throws IOException {
    List<byte[]> request = new ArrayList<>(List.of("ECHO".getBytes(US_ASCII)));
    request.addAll(MESSAGE);
    double[] micros = new double[ROUND_TRIPS];
    long cpu = cpuNanos();
    for (int i = 0; i < ROUND_TRIPS; i++) {
      long start = System.nanoTime();
      client.send(request);
      client.receive();
      micros[i] = (System.nanoTime() - start) / 1e3;
    }
    double cpuEach = (cpuNanos() - cpu) / 1e3 / ROUND_TRIPS;
    Arrays.sort(micros);
    System.out.printf(
        "round trip: %s: p50 %.0f us, p99 %.0f us, %.0f us CPU%n",
        name, micros[ROUND_TRIPS / 2], micros[ROUND_TRIPS * 99 / 100], cpuEach);
  }

  private static double median(double[] rounds) {
    double[] warm = Arrays.copyOfRange(rounds, 2, rounds.length);
    Arrays.sort(warm);
    return warm[warm.length / 2];
  }

  private static Client ours(ZmtpSocket socket) {
    return new Client() {
      @Override
      public void send(List<byte[]> parts) throws IOException {
        socket.send(parts);
      }

      @Override
      public int receive() throws IOException {
        return socket.receive().size();
      }
    };
  }

  private static Client jeroMq(ZMQ.Socket socket) {
    return new Client() {
      @Override
      public void send(List<byte[]> parts) {
        for (byte[] part : parts.subList(0, parts.size() - 1)) {
          socket.sendMore(part);
        }
        socket.send(parts.getLast());
      }

      @Override
      public int receive() {
        int parts = 0;
        do {
          socket.recv();
          parts++;
        } while (socket.hasReceiveMore());
        return parts;
      }
    };
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void onVirtualThread(Work work) throws Exception {
    FutureTask<Void> task =
        new FutureTask<>(() -> {
          work.run();
          return null;
        });
    Thread.ofVirtual().start(task);
    task.get();
  }

  private static void receiveUntilClosed(ZmtpSocket socket) {
    try {
      socket.receive();
    } catch (IOException closed) {
      assertThat(closed).isInstanceOf(ZmtpException.Closed.class);
    }
  }

  private static byte[] text(int number) {
    return Integer.toString(number).getBytes(US_ASCII);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
