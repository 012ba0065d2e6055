// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.elasticjupyter.testkit.LeakCheck;
import io.elasticjupyter.wire.zmtp.ZmtpException.BadFrame;
import io.elasticjupyter.wire.zmtp.ZmtpException.Closed;
import io.elasticjupyter.wire.zmtp.ZmtpException.PeerError;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection after its handshake, with a peer that does whatever a test needs. */
@Timeout(60)
final class ZmtpSocketIT {

  /** More than the buffers of both systems take. */
  private static final byte[] UNTAKEABLE = new byte[64 * 1024 * 1024];

  private LeakCheck leaks;

  @BeforeEach
  void beginToLookForLeaks() {
    leaks = new LeakCheck();
  }

  @AfterEach
  void findNoLeaks() {
    leaks.close();
  }

  @Test
  void messagesThatCameWithTheHandshakeAreNotLost() throws Exception {
    try (RawPeer peer =
            new RawPeer(it -> {
              it.send(ZmtpBytes.start().greeting(3, 0, "NULL").ready("ROUTER").message("a", "b"));
              it.awaitEnd();
            });
        ZmtpSocket socket = dealer(peer)) {
      assertThat(socket.hasBuffered()).isTrue();
      assertThat(socket.receive()).hasSize(2);
    }
  }

  @Test
  void aPingIsAnsweredEvenInsideAMessageAndOtherCommandsAreIgnored() throws Exception {
    try (RawPeer peer =
            new RawPeer(it -> {
              it.shakeHands(1, "ROUTER");
              it.send(
                  ZmtpBytes.start()
                      .command("JOIN", new byte[5])
                      .raw(0x01, 1)
                      .text("a")
                      .ping(7, "context")
                      .raw(0x00, 1)
                      .text("b"));
              assertThat(new String(it.takeFrame(), US_ASCII)).isEqualTo("\u0004PONGcontext");
            });
        ZmtpSocket socket = dealer(peer)) {
      assertThat(socket.receive()).hasSize(2);
      peer.played();
    }
  }

  @Test
  void aPingWhileASendIsBlockedDelaysNoReceive() throws Exception {
    CountDownLatch received = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    try (RawPeer peer =
            new RawPeer(it -> {
              it.shakeHands(1, "ROUTER");
              blocked.await();
              it.send(ZmtpBytes.start().ping(7, "old").ping(7, "new").message("on"));
              received.await();
              assertThat(it.takeFrame()).hasSize(UNTAKEABLE.length);
              assertThat(new String(it.takeFrame(), US_ASCII)).isEqualTo("\u0004PONGnew");
            });
        ZmtpSocket socket = dealer(peer)) {
      Thread sender = Thread.ofVirtual().unstarted(() -> sendUntakeable(socket));
      sender.start();
      awaitBlocked(sender);
      blocked.countDown();

      assertThat(new String(socket.receive().getFirst(), US_ASCII)).isEqualTo("on");
      received.countDown();
      peer.played();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aSubscriptionIsSpelledAsThePeerKnowsIt(int minor) throws Exception {
    String expected = minor == 0 ? "\u0001topic" : "\u0009SUBSCRIBEtopic";
    try (RawPeer peer =
            new RawPeer(it -> {
              it.shakeHands(minor, "XPUB");
              assertThat(new String(it.takeFrame(), US_ASCII)).isEqualTo(expected);
            });
        ZmtpSocket socket =
            ZmtpSocket.connect(
                peer.address(), SocketType.SUB, new byte[0], ZmtpOptions.defaults())) {
      socket.subscribe("topic".getBytes(US_ASCII));
      peer.played();
    }
  }

  @Test
  void anEndInsideAMessageIsTold() throws Exception {
    endsWith(
        Closed.How.BY_PEER_INSIDE_MESSAGE,
        it -> it.send(ZmtpBytes.start().raw(0x02).int64(100_000).text("the beginning")));
  }

  @Test
  void anOrderlyEndIsTold() throws Exception {
    endsWith(Closed.How.BY_PEER, it -> {});
  }

  @Test
  void aResetIsTold() throws Exception {
    endsWith(Closed.How.BY_TRANSPORT, RawPeer.Connection::reset);
  }

  @Test
  void aBadFrameEndsTheConnection() throws Exception {
    try (RawPeer peer =
            new RawPeer(it -> {
              it.shakeHands(1, "ROUTER");
              it.send(ZmtpBytes.start().message("good").raw(0xf0, 0).message("lost"));
              it.awaitEnd();
            });
        ZmtpSocket socket = dealer(peer)) {
      socket.receive();
      assertThatExceptionOfType(BadFrame.class).isThrownBy(socket::receive);
      assertThatExceptionOfType(Closed.class)
          .isThrownBy(() -> socket.send(List.of(new byte[1])))
          .matches(closed -> closed.how() == Closed.How.HERE);
      peer.played();
    }
  }

  @Test
  void anErrorCommandEndsTheConnection() throws Exception {
    try (RawPeer peer =
            new RawPeer(it -> {
              it.shakeHands(1, "ROUTER");
              it.send(
                  ZmtpBytes.start()
                      .command("ERROR", ZmtpBytes.start().raw(3).text("out").toArray()));
              it.awaitEnd();
            });
        ZmtpSocket socket = dealer(peer)) {
      assertThatExceptionOfType(PeerError.class)
          .isThrownBy(socket::receive)
          .withMessageContaining("out");
      peer.played();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closeWakesWhoReceives(boolean virtual) throws Exception {
    try (RawPeer peer = silent();
        ZmtpSocket socket = dealer(peer)) {
      CompletableFuture<List<byte[]>> received = new CompletableFuture<>();
      Thread reader = thread(virtual, () -> completeWith(received, socket::receive));
      awaitBlocked(reader);

      socket.close();
      socket.close();

      endedHere(received);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closeWakesWhoSendsToAPeerThatDoesNotRead(boolean virtual) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (RawPeer peer =
            new RawPeer(it -> {
              it.shakeHands(1, "ROUTER");
              end.await();
            });
        ZmtpSocket socket = dealer(peer)) {
      CompletableFuture<List<byte[]>> sent = new CompletableFuture<>();
      Thread sender =
          thread(
              virtual,
              () ->
                  completeWith(
                      sent,
                      () -> {
                        socket.send(List.of(UNTAKEABLE));
                        return List.of();
                      }));
      awaitBlocked(sender);

      socket.close();

      endedHere(sent);
      end.countDown();
      peer.played();
    }
  }

  @Test
  void anInterruptEndsTheConnection() throws Exception {
    try (RawPeer peer = silent();
        ZmtpSocket socket = dealer(peer)) {
      CompletableFuture<List<byte[]>> received = new CompletableFuture<>();
      Thread reader = thread(true, () -> completeWith(received, socket::receive));
      awaitBlocked(reader);

      reader.interrupt();

      endedHere(received);
      peer.played();
    }
  }

  @Test
  void misuseIsRefusedAndHarmless() throws Exception {
    try (RawPeer peer = silent();
        ZmtpSocket socket = dealer(peer)) {
      assertThatIllegalArgumentException().isThrownBy(() -> socket.send(List.of()));
      assertThatIllegalStateException().isThrownBy(() -> socket.subscribe(new byte[0]));
      socket.send(List.of(new byte[0]));
      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              ZmtpSocket.connect(
                  peer.address(), SocketType.DEALER, new byte[1], ZmtpOptions.defaults()));
    }
  }

  private static RawPeer silent() throws IOException {
    return new RawPeer(it -> {
      it.shakeHands(1, "ROUTER");
      it.awaitEnd();
    });
  }

  private static void endsWith(Closed.How how, RawPeer.Script last) throws Exception {
    try (RawPeer peer =
            new RawPeer(it -> {
              it.shakeHands(1, "ROUTER");
              last.run(it);
            });
        ZmtpSocket socket = dealer(peer)) {
      assertThatExceptionOfType(Closed.class)
          .isThrownBy(socket::receive)
          .matches(closed -> closed.how() == how, how.name());
    }
  }

  private static ZmtpSocket dealer(RawPeer peer) throws IOException {
    return ZmtpSocket.connect(
        peer.address(), SocketType.DEALER, "me".getBytes(US_ASCII), ZmtpOptions.defaults());
  }

  private static void sendUntakeable(ZmtpSocket socket) {
    try {
      socket.send(List.of(UNTAKEABLE));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @FunctionalInterface
  private interface Call {
    List<byte[]> run() throws IOException;
  }

  private static void completeWith(CompletableFuture<List<byte[]>> result, Call call) {
    try {
      result.complete(call.run());
    } catch (IOException failure) {
      result.completeExceptionally(failure);
    }
  }

  private static Thread thread(boolean virtual, Runnable work) {
    return (virtual ? Thread.ofVirtual() : Thread.ofPlatform().name("tested")).start(work);
  }

  /** Waits until the thread waits in a call of the system; a platform thread counts as running. */
  private static void awaitBlocked(Thread thread) {
    await()
        .during(Duration.ofMillis(200))
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            thread.isVirtual()
                ? thread.getState() == Thread.State.WAITING
                : thread.getState() == Thread.State.RUNNABLE);
  }

  private static void endedHere(CompletableFuture<List<byte[]>> result) {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> result.get(10, TimeUnit.SECONDS))
        .havingCause()
        .isInstanceOfSatisfying(
            Closed.class, closed -> assertThat(closed.how()).isEqualTo(Closed.How.HERE));
  }
}
