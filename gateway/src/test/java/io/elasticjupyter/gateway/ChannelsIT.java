// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.Delivery;
import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.websocket.V1Framing;
import io.elasticjupyter.wire.websocket.WebSocketFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Websockets that behave. */
class ChannelsIT {

  private static final String ID = "6b1a7c2e-0f6d-4c8e-9f3a-1d2c3b4a5f60";
  private static final String PATH = "/api/kernels/" + ID + "/channels";

  private final MemoryKernels kernels = new MemoryKernels();
  private MemoryKernel kernel = kernels.running(ID);
  private GatewayUnderTest gateway = start();

  private GatewayUnderTest start() {
    try {
      return GatewayUnderTest.start(
          Configs.config().build(), kernels, Specs.offering(Specs.python("python3")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void freshKernel() {
    kernel = kernels.running(ID);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void answersTheRfcsOwnKey() throws IOException {
    try (RawWebSocket client = RawWebSocket.open(gateway.port(), PATH)) {
      assertThat(client.status()).isEqualTo(101);
      assertThat(client.header("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
  }

  /** As nbclient's library asks, which gives a kernel one second behind the open socket. */
  @Test
  void aClientThatCannotWaitIsLetInWhenItsKernelAnswers() throws Exception {
    kernel.become(ExecutionState.STARTING);
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(
            () -> {
              try (RawWebSocket client =
                  RawWebSocket.open(
                      gateway.port(), PATH, "Origin: http://127.0.0.1:" + gateway.port())) {
                return client.status();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            Thread::startVirtualThread);
    try (RawWebSocket other = RawWebSocket.open(gateway.port(), PATH)) {
      assertThat(other.status()).as("a client that can").isEqualTo(101);
    }
    assertThat(status).isNotDone();

    kernel.become(ExecutionState.IDLE);

    assertThat(status.get(10, TimeUnit.SECONDS)).isEqualTo(101);
  }

  @Test
  void choosesV1AmongOfferedSubprotocols() throws IOException {
    try (RawWebSocket client =
        RawWebSocket.open(
            gateway.port(), PATH, "Sec-WebSocket-Protocol: other, " + RawWebSocket.V1)) {
      assertThat(client.header("Sec-WebSocket-Protocol")).isEqualTo(RawWebSocket.V1);
    }
  }

  @Test
  void echoesNoSubprotocolThatItDoesNotKnow() throws IOException {
    try (RawWebSocket client =
        RawWebSocket.open(gateway.port(), PATH, "Sec-WebSocket-Protocol: other")) {
      assertThat(client.status()).isEqualTo(101);
      assertThat(client.header("Sec-WebSocket-Protocol")).isEmpty();
    }
  }

  @Test
  void acceptsNoExtension() throws IOException {
    try (RawWebSocket client =
        RawWebSocket.open(gateway.port(), PATH, "Sec-WebSocket-Extensions: permessage-deflate")) {
      assertThat(client.status()).isEqualTo(101);
      assertThat(client.header("Sec-WebSocket-Extensions")).isEmpty();
    }
  }

  @Test
  void sendsLegacyTextToAClientWithoutSubprotocol() throws IOException {
    try (RawWebSocket client = RawWebSocket.open(gateway.port(), PATH)) {
      kernel.publish(Messages.stream("hello"));
      RawWebSocket.Frame frame = client.readMessage();
      assertThat(frame.opcode()).isEqualTo(RawWebSocket.TEXT);
      assertThat(frame.text()).contains("\"channel\":\"iopub\"").contains("hello");
    }
  }

  @Test
  void pingsDirectlyBehindAMessageWithItsSequence() throws IOException {
    try (RawWebSocket client = openV1("a")) {
      kernel.publish(Messages.stream("one"));
      RawWebSocket.Frame message = client.read();
      RawWebSocket.Frame ping = client.read();
      assertThat(ping.opcode()).isEqualTo(RawWebSocket.PING);
      assertThat(ping.number()).isEqualTo(1);
      assertThat(message.opcode()).isEqualTo(RawWebSocket.BINARY);
      assertThat(kernel.confirmedBy("a")).isZero();
      client.send(RawWebSocket.PONG, ping.payload());
      Awaitility.await().until(() -> kernel.confirmedBy("a") == 1);
    }
  }

  @Test
  void pongsThatAnswerNothingConfirmNothing() throws IOException {
    try (RawWebSocket client = openV1("a")) {
      client.send(RawWebSocket.PONG, ByteBuffer.allocate(8).putLong(99).array());
      client.send(RawWebSocket.PONG, new byte[0]);
      client.send(RawWebSocket.PING, Messages.bytes("x"));
      assertThat(client.readMessage().opcode()).isEqualTo(RawWebSocket.PONG);
      assertThat(kernel.confirmedBy("a")).isZero();
    }
  }

  @Test
  void deliversAFloodInOrderAndPingsOnlySometimes() throws IOException {
    int count = 5000;
    for (int i = 0; i < count; i++) {
      kernel.publish(Messages.stream("n" + i));
    }
    try (RawWebSocket client = openV1("a")) {
      List<String> texts = new ArrayList<>();
      int pings = 0;
      while (texts.size() < count) {
        RawWebSocket.Frame frame = client.read();
        if (frame.opcode() == RawWebSocket.PING) {
          pings++;
        } else {
          texts.add(frame.text());
        }
      }
      for (int i = 0; i < count; i++) {
        assertThat(texts.get(i)).endsWith("\"n" + i + "\"}");
      }
      assertThat(pings).isBetween(count / 16, count / 8);
    }
  }

  @Test
  void givesAgainToTheSameSessionWhatWasNotConfirmed() throws IOException {
    kernel.publish(Messages.stream("one"));
    kernel.publish(Messages.stream("two"));
    try (RawWebSocket client = openV1("a")) {
      assertThat(client.read().text()).contains("one");
      RawWebSocket.Frame ping = client.read();
      client.send(RawWebSocket.PONG, ping.payload());
      Awaitility.await().until(() -> kernel.confirmedBy("a") == 1);
    }
    try (RawWebSocket client = openV1("a")) {
      assertThat(client.readMessage().text()).contains("two");
    }
  }

  @Test
  void handsMessagesOfBothFramingsToTheKernelAsTheyAre() throws IOException {
    JupyterMessage request =
        Messages.of(
            Channel.CONTROL, "execute_request", "{\"code\":\"\u00e9\"}", new byte[] {1, 2, 3});
    try (RawWebSocket v1 = openV1("a");
        RawWebSocket legacy = RawWebSocket.open(gateway.port(), PATH)) {
      v1.send(RawWebSocket.BINARY, encoded(request));
      legacy.text(
          "{\"header\":{\"msg_id\":\"1\",\"msg_type\":\"kernel_info_request\"},\"parent_header\":{},\"metadata\":{},\"content\":{}}");
      Awaitility.await().until(() -> kernel.received().size() == 2);
    }
    assertThat(kernel.received())
        .anySatisfy(message -> {
          assertThat(message.channel()).isEqualTo(Channel.CONTROL);
          assertThat(message.header()).isEqualTo(request.header());
          assertThat(message.content()).isEqualTo(request.content());
          assertThat(message.buffers()).containsExactly(new byte[] {1, 2, 3});
        })
        .anySatisfy(message -> assertThat(message.channel()).isEqualTo(Channel.SHELL));
  }

  @Test
  void joinsFragmentsWithControlFramesBetween() throws IOException {
    byte[] whole = encoded(Messages.of(Channel.SHELL, "execute_request", "{}", new byte[100_000]));
    try (RawWebSocket client = openV1("a")) {
      client.raw(RawWebSocket.frame(RawWebSocket.BINARY, slice(whole, 0, 3)));
      client.send(RawWebSocket.PING, Messages.bytes("between"));
      client.raw(RawWebSocket.frame(0, slice(whole, 3, 70_000)));
      client.raw(RawWebSocket.frame(0x80, slice(whole, 70_000, whole.length)));
      assertThat(client.readMessage().text()).isEqualTo("between");
      Awaitility.await().until(() -> kernel.received().size() == 1);
    }
    assertThat(kernel.received().getFirst().buffers().getFirst()).hasSize(100_000);
  }

  @Test
  void replacedSocketsCloseSoThatTheirClientDoesNotComeBack() throws IOException {
    try (RawWebSocket stale = openV1("a")) {
      Awaitility.await().until(() -> kernel.model().connections() == 1);
      try (RawWebSocket fresh = openV1("a")) {
        RawWebSocket.Frame close = stale.readMessage();
        assertThat(close.closeCode()).isEqualTo(1000);
        assertThat(close.closeReason()).contains("replaced");
        kernel.publish(Messages.stream("one"));
        assertThat(fresh.readMessage().text()).contains("one");
      }
    }
  }

  @Test
  void deletedKernelsCloseTheirSocketsAfterTheLastMessage() throws IOException {
    try (RawWebSocket client = openV1("a")) {
      kernel.publish(Messages.stream("last words"));
      kernels.delete(new KernelId(ID));
      assertThat(client.readMessage().text()).contains("last words");
      assertThat(client.readMessage().closeCode()).isEqualTo(1000);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void stoppingGatewaysTellTheirClientsToComeBack() throws IOException {
    try (RawWebSocket one = openV1("a");
        RawWebSocket other = openV1("b")) {
      Awaitility.await().until(() -> kernel.model().connections() == 2);
      kernel.endAttachments(Delivery.EndReason.GATEWAY_STOPPING);
      assertThat(one.readMessage().closeCode()).isEqualTo(1012);
      assertThat(other.readMessage().closeCode()).isEqualTo(1012);
    }
  }

  @Test
  void closingTheGatewayTellsItsClientsToComeBack() throws IOException {
    try (RawWebSocket client = openV1("a")) {
      Awaitility.await().until(() -> gateway.connections() == 1);
      gateway.close();
      assertThat(client.readMessage().closeCode()).isEqualTo(1012);
    }
  }

  @Test
  void answersACloseAndLetsGoOfTheKernel() throws IOException {
    try (RawWebSocket client = openV1("a")) {
      Awaitility.await().until(() -> kernel.model().connections() == 1);
      client.send(RawWebSocket.CLOSE, new byte[] {0x03, (byte) 0xE8});
      assertThat(client.readMessage().closeCode()).isEqualTo(1000);
    }
    Awaitility.await().until(() -> kernel.model().connections() == 0);
    Awaitility.await().until(() -> gateway.connections() == 0);
  }

  @Test
  void slowsTheClientDownWhileTheKernelDoesNotTake() throws IOException {
    kernel.take(false);
    byte[] message = encoded(Messages.of(Channel.SHELL, "execute_request", "{}"));
    try (RawWebSocket client = openV1("a")) {
      for (int i = 0; i < 10; i++) {
        client.send(RawWebSocket.BINARY, message);
      }
      kernel.publish(Messages.stream("still delivered"));
      assertThat(client.readMessage().text()).contains("still delivered");
      assertThat(kernel.received()).isEmpty();
      kernel.take(true);
      Awaitility.await().until(() -> kernel.received().size() == 10);
    }
  }

  private RawWebSocket openV1(String session) throws IOException {
    return RawWebSocket.open(
        gateway.port(),
        PATH + "?session_id=" + session,
        "Sec-WebSocket-Protocol: " + RawWebSocket.V1);
  }

  private static byte[] encoded(JupyterMessage message) {
    WebSocketFrame.Binary frame = (WebSocketFrame.Binary) new V1Framing().encode(message);
    byte[] bytes = new byte[frame.bytes().remaining()];
    frame.bytes().duplicate().get(bytes);
    return bytes;
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }
}
