// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.elasticjupyter.testkit.LeakCheck;
import io.elasticjupyter.wire.zmtp.ZmtpException.BadCommand;
import io.elasticjupyter.wire.zmtp.ZmtpException.Closed;
import io.elasticjupyter.wire.zmtp.ZmtpException.ConnectFailed;
import io.elasticjupyter.wire.zmtp.ZmtpException.HandshakeTimeout;
import io.elasticjupyter.wire.zmtp.ZmtpException.IncompatibleSockets;
import io.elasticjupyter.wire.zmtp.ZmtpException.MechanismMismatch;
import io.elasticjupyter.wire.zmtp.ZmtpException.NotZmtp;
import io.elasticjupyter.wire.zmtp.ZmtpException.PeerError;
import io.elasticjupyter.wire.zmtp.ZmtpException.TooLarge;
import io.elasticjupyter.wire.zmtp.ZmtpException.VersionTooOld;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that are not there, not ours, or not in time: each has its own reason, and soon. */
@Timeout(60)
final class BadHandshakeIT {

  private static final ZmtpOptions HASTY =
      ZmtpOptions.defaults()
          .withConnectTimeout(Duration.ofMillis(400))
          .withHandshakeTimeout(Duration.ofMillis(400));

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
  void garbage() throws Exception {
    refused(
        NotZmtp.class,
        peer -> {
          peer.send(ZmtpBytes.start().text("HTTP/1.1 400 Bad Request"));
          peer.awaitEnd();
        });
  }

  @Test
  void silence() throws Exception {
    refused(HandshakeTimeout.class, RawPeer.Connection::awaitEnd);
  }

  @Test
  void oneByteAtATime() throws Exception {
    byte[] greeting = ZmtpBytes.start().greeting(3, 1, "NULL").toArray();
    CountDownLatch never = new CountDownLatch(1);
    refused(
        HandshakeTimeout.class,
        peer ->
            // Each byte alone would be in time; all of them are not, and the client leaves before.
            assertThatIOException()
                .isThrownBy(() -> {
                  for (byte value : greeting) {
                    peer.send(ZmtpBytes.start().raw(value));
                    assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
                  }
                }));
  }

  @Test
  void aGreetingAndThenSilence() throws Exception {
    refused(
        HandshakeTimeout.class,
        peer -> {
          peer.send(ZmtpBytes.start().greeting(3, 1, "NULL"));
          peer.awaitEnd();
        });
  }

  @Test
  void versionTwo() throws Exception {
    refused(
        VersionTooOld.class,
        peer -> {
          peer.send(ZmtpBytes.start().raw(0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, 6));
          peer.awaitEnd();
        });
  }

  @Test
  void anotherMechanism() throws Exception {
    refused(
        MechanismMismatch.class,
        peer -> {
          peer.send(ZmtpBytes.start().greeting(3, 1, "PLAIN"));
          peer.awaitEnd();
        });
  }

  @Test
  void anotherSocketType() throws Exception {
    refused(IncompatibleSockets.class, peer -> peer.shakeHands(1, "PULL"));
  }

  @Test
  void noSocketType() throws Exception {
    afterGreeting(IncompatibleSockets.class, ZmtpBytes.start().command("READY", new byte[0]));
  }

  @Test
  void anErrorWithItsReason() throws Exception {
    ZmtpException failure =
        afterGreeting(
            PeerError.class,
            ZmtpBytes.start().command("ERROR", ZmtpBytes.start().raw(3).text("no!").toArray()));

    assertThat(failure).hasMessageContaining("no!");
  }

  @Test
  void malformedReady() throws Exception {
    afterGreeting(
        BadCommand.class,
        ZmtpBytes.start().command("READY", ZmtpBytes.start().raw(200).text("x").toArray()));
  }

  @Test
  void aMessageBeforeReady() throws Exception {
    afterGreeting(BadCommand.class, ZmtpBytes.start().message("early"));
  }

  @Test
  void anotherCommandBeforeReady() throws Exception {
    afterGreeting(BadCommand.class, ZmtpBytes.start().command("HELLO", new byte[10]));
    afterGreeting(BadCommand.class, ZmtpBytes.start().ping(0, ""));
  }

  @Test
  void aHugeReady() throws Exception {
    afterGreeting(TooLarge.class, ZmtpBytes.start().raw(0x06).int64(1 << 20));
  }

  @Test
  void anEndInsideTheGreeting() throws Exception {
    refused(
        Closed.class,
        peer -> {
          peer.take(Greeting.BYTES);
          peer.send(ZmtpBytes.start().raw(0xff, 0, 0));
        });
  }

  @Test
  void nobodyListens() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }
    failsToConnect(new ZmtpAddress.Tcp("127.0.0.1", port));
  }

  @Test
  void anUnknownHost() {
    failsToConnect(new ZmtpAddress.Tcp("no-such-host.invalid", 5555));
  }

  @Test
  void noSocketFile(@TempDir Path folder) {
    failsToConnect(new ZmtpAddress.Ipc(folder.resolve("nothing")));
  }

  @Test
  void aSocketPathThatIsTooLong(@TempDir Path folder) {
    failsToConnect(new ZmtpAddress.Ipc(folder.resolve("x".repeat(200))));
  }

  @Test
  void aListenerThatAcceptsNobody() throws IOException {
    List<SocketChannel> others = new ArrayList<>();
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
      // Fills the queue of connections that nobody has accepted, so that the next one hangs.
      for (int i = 0; i < 8; i++) {
        SocketChannel other = SocketChannel.open();
        others.add(other);
        other.configureBlocking(false);
        other.connect(address);
      }
      failsToConnect(new ZmtpAddress.Tcp("127.0.0.1", address.getPort()));
    } finally {
      for (SocketChannel other : others) {
        other.close();
      }
    }
  }

  @Test
  void aUnixListenerThatAcceptsNobody(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("full");
    List<SocketChannel> others = new ArrayList<>();
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path), 1);
      for (int i = 0; i < 2; i++) {
        others.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
      }
      ZmtpAddress address = new ZmtpAddress.Ipc(path);

      failsToConnect(address);
      FutureTask<Void> onVirtualThread =
          new FutureTask<>(() -> {
            failsToConnect(address);
            return null;
          });
      Thread.ofVirtual().start(onVirtualThread);
      onVirtualThread.get(10, TimeUnit.SECONDS);
    } finally {
      for (SocketChannel other : others) {
        other.close();
      }
    }
  }

  private static ZmtpException afterGreeting(Class<? extends ZmtpException> reason, ZmtpBytes rest)
      throws Exception {
    return refused(
        reason,
        peer -> {
          peer.send(ZmtpBytes.start().greeting(3, 1, "NULL"));
          peer.take(Greeting.BYTES);
          peer.send(rest);
          peer.awaitEnd();
        });
  }

  private static ZmtpException refused(Class<? extends ZmtpException> reason, RawPeer.Script script)
      throws Exception {
    try (RawPeer peer = new RawPeer(script)) {
      long start = System.nanoTime();
      ZmtpException[] failure = new ZmtpException[1];
      assertThatExceptionOfType(reason)
          .isThrownBy(() -> connect(peer.address()))
          .satisfies(thrown -> failure[0] = thrown);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      peer.played();
      return failure[0];
    }
  }

  private static void failsToConnect(ZmtpAddress address) {
    assertThatExceptionOfType(ConnectFailed.class)
        .isThrownBy(() -> connect(address))
        .withMessageContaining(address.toString());
  }

  private static void connect(ZmtpAddress address) throws IOException {
    ZmtpSocket.connect(address, SocketType.DEALER, "me".getBytes(US_ASCII), HASTY).close();
  }
}
