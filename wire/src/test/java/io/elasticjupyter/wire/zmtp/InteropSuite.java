// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.elasticjupyter.testkit.LeakCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a Jupyter client asks of ZeroMQ, to be held against each implementation of a peer. */
@Timeout(120)
abstract class InteropSuite {

  static final List<String> TCP =
      List.of("tcp://127.0.0.1:*", "tcp://127.0.0.1:*", "tcp://127.0.0.1:*");
  private static final byte[] NOBODY = new byte[0];

  @TempDir private Path folder;
  private LeakCheck leaks;

  /** Starts a peer that binds ROUTER, PUB and XPUB; it beats if the period is not zero. */
  abstract InteropPeer start(Path folder, int heartbeatMillis, List<String> endpoints)
      throws IOException;

  @BeforeEach
  final void beginToLookForLeaks() {
    leaks = new LeakCheck();
  }

  @AfterEach
  final void findNoLeaks() {
    leaks.close();
  }

  @Test
  void theRouterSeesTheIdentityAndAnswersIt() throws IOException {
    try (InteropPeer peer = start(folder, 0, TCP);
        ZmtpSocket first = dealer(peer, "first");
        ZmtpSocket second = dealer(peer, "second");
        ZmtpSocket nobody = dealer(peer, "")) {
      first.send(parts("WHO"));
      second.send(parts("WHO"));
      nobody.send(parts("WHO"));

      assertThat(texts(first.receive())).containsExactly("first");
      assertThat(texts(second.receive())).containsExactly("second");
      assertThat(nobody.receive().getFirst()).isNotEmpty().startsWith(0);
    }
  }

  @Test
  void partsOfEachSizeComeBackAsTheyWere() throws IOException {
    int[] sizes = {0, 1, 254, 255, 256, 2_047, 2_048, 4_096, 4_097, 65_535, 65_536, 1_000_000};
    try (InteropPeer peer = start(folder, 0, TCP);
        ZmtpSocket socket = dealer(peer, "sizes")) {
      for (int size : sizes) {
        byte[] part = pattern(size);
        socket.send(List.of("ECHO".getBytes(US_ASCII), part, NOBODY, part));
        List<byte[]> answer = socket.receive();

        assertThat(answer).hasSize(3);
        assertThat(Arrays.equals(answer.get(0), part)).as("size %d", size).isTrue();
        assertThat(answer.get(1)).isEmpty();
        assertThat(Arrays.equals(answer.get(2), part)).as("size %d", size).isTrue();
      }
    }
  }

  @Test
  void aFloodOfTwoHundredThousandLosesNothing() throws IOException {
    int count = 200_000;
    try (InteropPeer peer = start(folder, 0, TCP);
        ZmtpSocket socket = dealer(peer, "flood")) {
      socket.send(parts("FLOOD", Integer.toString(count), "500"));
      for (int i = 0; i < count; i++) {
        List<byte[]> message = socket.receive();
        if (message.size() != 2
            || message.get(1).length != 500
            || !texts(message).getFirst().equals(Integer.toString(i))) {
          throw new AssertionError("message " + i + " is " + texts(message));
        }
      }
      socket.send(parts("WHO"));
      assertThat(texts(socket.receive())).as("nothing more came").containsExactly("flood");
    }
  }

  @Test
  void aHundredMegabytesGoAndComeBack() throws IOException {
    byte[] part = pattern(100_000_000);
    try (InteropPeer peer = start(folder, 0, TCP);
        ZmtpSocket socket = dealer(peer, "big")) {
      socket.send(List.of("ECHO".getBytes(US_ASCII), part));

      assertThat(Arrays.equals(socket.receive().getFirst(), part)).isTrue();
    }
  }

  @Test
  void manyThreadsSendWholeMessages() throws Exception {
    int threads = 8;
    int each = 500;
    try (InteropPeer peer = start(folder, 0, TCP);
        ZmtpSocket socket = dealer(peer, "many");
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> sent = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        String name = Integer.toString(thread);
        sent.add(
            senders.submit(() -> {
              for (int i = 0; i < each; i++) {
                String body = name.repeat(i % 7 == 0 ? 70_000 : 700);
                socket.send(parts("ECHO", name, Integer.toString(i), body));
              }
              return null;
            }));
      }
      int[] next = new int[threads];
      for (int i = 0; i < threads * each; i++) {
        List<String> message = texts(socket.receive());
        int thread = Integer.parseInt(message.get(0));
        assertThat(message.get(1)).isEqualTo(Integer.toString(next[thread]++));
        assertThat(message.get(2).chars().distinct().count()).isEqualTo(1);
      }
      for (Future<?> future : sent) {
        future.get();
      }
    }
  }

  @Test
  void aSubscriberOfAPubGetsItsTopicsAndNoOthers() throws Exception {
    subscribeAndPublish(TCP);
  }

  @Test
  void aSubscriberOfAnXpubIsSeenAndWelcomed() throws Exception {
    try (InteropPeer peer = start(folder, 0, TCP);
        ZmtpSocket control = dealer(peer, "control");
        ZmtpSocket subscriber =
            ZmtpSocket.connect(
                peer.xpub(), SocketType.SUB, "sub".getBytes(US_ASCII), ZmtpOptions.defaults())) {
      subscriber.subscribe("topic".getBytes(US_ASCII));

      assertThat(texts(subscriber.receive())).containsExactly("topic", "welcome");
      control.send(parts("SUBSCRIPTIONS"));
      assertThat(texts(control.receive())).containsExactly("", "\u0001topic");

      control.send(parts("PUBLISH", "1", "other", "1"));
      control.send(parts("PUBLISH", "2", "topic.sub", "3"));
      assertThat(texts(subscriber.receive())).startsWith("topic.sub", "0");
      assertThat(texts(subscriber.receive())).startsWith("topic.sub", "1");
    }
  }

  @Test
  void anIdentityIsTakenOverByASecondConnection() throws IOException {
    try (InteropPeer peer = start(folder, 0, TCP);
        ZmtpSocket first = dealer(peer, "same")) {
      first.send(parts("WHO"));
      assertThat(texts(first.receive())).containsExactly("same");
      try (ZmtpSocket second = dealer(peer, "same")) {
        second.send(parts("WHO"));
        assertThat(texts(second.receive())).containsExactly("same");
      }
      try (ZmtpSocket third = dealer(peer, "same")) {
        third.send(parts("ECHO", "again"));
        assertThat(texts(third.receive())).containsExactly("again");
      }
    }
  }

  @Test
  void aPeerThatBeatsHearsUs() throws Exception {
    int period = 100;
    try (InteropPeer peer = start(folder, period, TCP);
        ZmtpSocket socket = dealer(peer, "alive");
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<byte[]>> answer = readers.submit(socket::receive);
      // The peer ends a connection that is silent for twenty periods.
      await()
          .during(Duration.ofMillis(30L * period))
          .atMost(Duration.ofSeconds(20))
          .until(() -> !answer.isDone());
      socket.send(parts("WHO"));

      assertThat(texts(answer.get())).containsExactly("alive");
    }
  }

  @Test
  void theEndOfThePeerIsSeen() throws IOException {
    InteropPeer peer = start(folder, 0, TCP);
    try (ZmtpSocket socket = dealer(peer, "left")) {
      socket.send(parts("WHO"));
      socket.receive();
      peer.close();

      assertThatExceptionOfType(ZmtpException.Closed.class).isThrownBy(socket::receive);
    }
  }

  /** A PUB reaches a subscriber, over whichever transport. */
  final void subscribeAndPublish(List<String> endpoints) throws Exception {
    int count = 20_000;
    LinkedBlockingQueue<List<String>> received = new LinkedBlockingQueue<>();
    try (InteropPeer peer = start(folder, 0, endpoints);
        ZmtpSocket control = dealer(peer, "control");
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
        ZmtpSocket subscriber =
            ZmtpSocket.connect(peer.pub(), SocketType.SUB, NOBODY, ZmtpOptions.defaults())) {
      subscriber.subscribe("topic".getBytes(US_ASCII));
      Future<?> reading =
          readers.submit(() -> {
            while (true) {
              received.add(texts(subscriber.receive()).subList(0, 2));
            }
          });
      // A PUB does not say when a subscription has arrived.
      await()
          .until(() -> {
            publish(control, 1, "topic.probe");
            return !received.isEmpty();
          });
      publish(control, 10, "other");
      publish(control, count, "topic.real");

      for (int next = 0; next < count; ) {
        List<String> message = received.poll(20, TimeUnit.SECONDS);
        assertThat(message).as("message %d", next).isNotNull();
        if (!message.getFirst().equals("topic.probe")) {
          assertThat(message).containsExactly("topic.real", Integer.toString(next++));
        }
      }
      subscriber.close();
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(reading::get)
          .withCauseInstanceOf(ZmtpException.Closed.class);
    }
  }

  private static void publish(ZmtpSocket control, int count, String topic) throws IOException {
    control.send(parts("PUBLISH", Integer.toString(count), topic, "100"));
    assertThat(texts(control.receive())).containsExactly("published");
  }

  static ZmtpSocket dealer(InteropPeer peer, String identity) throws IOException {
    return ZmtpSocket.connect(
        peer.router(), SocketType.DEALER, identity.getBytes(US_ASCII), ZmtpOptions.defaults());
  }

  static List<byte[]> parts(String... texts) {
    return Arrays.stream(texts).map(text -> text.getBytes(US_ASCII)).toList();
  }

  private static List<String> texts(List<byte[]> parts) {
    return parts.stream().map(part -> new String(part, US_ASCII)).toList();
  }

  private static byte[] pattern(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ((i * 31) >> 4);
    }
    return bytes;
  }
}
