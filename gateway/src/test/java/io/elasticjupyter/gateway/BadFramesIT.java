// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.gateway.config.ChannelsConfig;
import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.message.Channel;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every wrong frame closes its own websocket, with the right code, and nobody else's. */
class BadFramesIT {

  private static final String ID = "6b1a7c2e-0f6d-4c8e-9f3a-1d2c3b4a5f60";
  private static final String PATH = "/api/kernels/" + ID + "/channels";
  private static final int LARGEST = 100_000;

  private final MemoryKernels kernels = new MemoryKernels();
  private final MemoryKernel kernel = kernels.running(ID);
  private final GatewayUnderTest gateway = start();

  private GatewayUnderTest start() {
    try {
      return GatewayUnderTest.start(
          Configs.config()
              .channels(new ChannelsConfig(Duration.ofSeconds(1), LARGEST, 256 << 10, Set.of()))
              .build(),
          kernels,
          Specs.offering(Specs.python("python3")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource({
    "C2, reserved bits",
    "A2, reserved bits",
    "83, unknown opcode 3",
    "8B, unknown opcode 11",
    "80, continuation without a message",
    "09, control frame is fragmented",
  })
  void wrongHeads(String first, String reason) throws IOException {
    try (RawWebSocket client = openV1()) {
      client.raw(RawWebSocket.frame(Integer.parseInt(first, 16), new byte[3]));
      assertClosed(client, 1002, reason);
    }
  }

  @Test
  void unmaskedFrames() throws IOException {
    try (RawWebSocket client = openV1()) {
      client.raw(new byte[] {(byte) 0x81, 2, 'h', 'i'});
      assertClosed(client, 1002, "not masked");
    }
  }

  @Test
  void longControlFrames() throws IOException {
    try (RawWebSocket client = openV1()) {
      client.send(RawWebSocket.PING, new byte[126]);
      assertClosed(client, 1002, "longer than 125");
    }
  }

  @Test
  void messagesThatBeginInsideAnother() throws IOException {
    try (RawWebSocket client = openV1()) {
      client.raw(RawWebSocket.frame(RawWebSocket.BINARY, new byte[3]));
      client.send(RawWebSocket.BINARY, new byte[3]);
      assertClosed(client, 1002, "before the last one ended");
    }
  }

  @ParameterizedTest
  @CsvSource({"999", "1004", "1005", "1006", "1015", "2999", "5000"})
  void closeCodesThatMustNotBeSent(int code) throws IOException {
    try (RawWebSocket client = openV1()) {
      client.send(RawWebSocket.CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
      assertClosed(client, 1002, "must not be sent");
    }
  }

  @Test
  void closeCodesOfOneByte() throws IOException {
    try (RawWebSocket client = openV1()) {
      client.send(RawWebSocket.CLOSE, new byte[1]);
      assertClosed(client, 1002, "two bytes");
    }
  }

  @Test
  void messagesOverTheLimitBeforeTheyArrive() throws IOException {
    try (RawWebSocket client = openV1()) {
      ByteBuffer head = ByteBuffer.allocate(14).put((byte) 0x82).put((byte) 0xFF);
      client.raw(head.putLong(LARGEST + 1).putInt(0).array());
      assertClosed(client, 1009, "larger than " + LARGEST);
    }
  }

  @ParameterizedTest
  @CsvSource({"-1", "-9223372036854775808", "9223372036854775807"})
  void lengthsThatNoMessageHas(long length) throws IOException {
    try (RawWebSocket client = openV1()) {
      ByteBuffer head = ByteBuffer.allocate(14).put((byte) 0x82).put((byte) 0xFF);
      client.raw(head.putLong(length).putInt(0).array());
      assertClosed(client, 1009, "larger");
    }
  }

  @Test
  void fragmentsThatTogetherGoOverTheLimit() throws IOException {
    try (RawWebSocket client = openV1()) {
      client.raw(RawWebSocket.frame(RawWebSocket.BINARY, new byte[60_000]));
      client.raw(RawWebSocket.frame(0, new byte[60_000]));
      assertClosed(client, 1009, "larger");
    }
  }

  @Test
  void textWhereTheSubprotocolIsBinary() throws IOException {
    try (RawWebSocket client = openV1()) {
      client.text("{}");
      assertClosed(client, 1003, "unexpected-text");
    }
  }

  @Test
  void offsetBombs() throws IOException {
    try (RawWebSocket client = openV1()) {
      ByteBuffer bomb = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      client.send(RawWebSocket.BINARY, bomb.putLong(0x4000_0000_0000_0000L).array());
      assertClosed(client, 1007, "bad-offsets");
    }
  }

  @Test
  void legacyOffsetBombs() throws IOException {
    try (RawWebSocket client = RawWebSocket.open(gateway.port(), PATH)) {
      client.send(RawWebSocket.BINARY, ByteBuffer.allocate(64).putInt(-1).array());
      assertClosed(client, 1007, "bad-offsets");
    }
  }

  @Test
  void textThatIsNotUtf8() throws IOException {
    try (RawWebSocket client = RawWebSocket.open(gateway.port(), PATH)) {
      byte[] text = Messages.bytes("{\"header\":{\"msg_id\":\"x\"}}");
      text[21] = (byte) 0xFF;
      client.send(RawWebSocket.TEXT, text);
      assertClosed(client, 1007, "utf8");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"nonsense", "[]", "{}", "{\"header\":1}", "{\"header\":{}", "\"\"", "null"})
  void textThatIsNoMessage(String text) throws IOException {
    try (RawWebSocket client = RawWebSocket.open(gateway.port(), PATH)) {
      client.text(text);
      assertClosed(client, 1007, ":");
    }
  }

  @Test
  void unknownChannelsAreDroppedAndCounted() throws IOException {
    try (RawWebSocket client = RawWebSocket.open(gateway.port(), PATH)) {
      client.text(
          "{\"channel\":\"heartbeat\",\"header\":{\"msg_id\":\"1\",\"msg_type\":\"x\"},\"parent_header\":{},\"metadata\":{},\"content\":{}}");
      kernel.publish(Messages.stream("still here"));
      assertThat(client.readMessage().text()).contains("still here");
    }
    assertThat(kernel.received()).isEmpty();
    assertThat(gateway.get("/metrics").body())
        .contains("elastic_jupyter_dropped_messages_total{reason=\"unknown-channel\"} 1.0");
  }

  @Test
  void clientsThatGoSilentAreGivenUp() throws IOException {
    try (RawWebSocket silent = openV1()) {
      Awaitility.await().until(() -> kernel.model().connections() == 1);
      // Three ping intervals of a second each, without a pong.
      Awaitility.await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> kernel.model().connections() == 0);
      assertThat(silent.read().opcode()).isEqualTo(RawWebSocket.PING);
    }
  }

  @Test
  void anyBytesAtAllEndOnlyTheirOwnSocket() throws IOException {
    // Of a session of its own: those below replace each other.
    try (RawWebSocket bystander =
        RawWebSocket.open(
            gateway.port(),
            PATH + "?session_id=bystander",
            "Sec-WebSocket-Protocol: " + RawWebSocket.V1)) {
      SeededRandom.check(
          100,
          random -> {
            try (RawWebSocket client = openV1()) {
              client.raw(random.bytes(300));
              client.raw(RawWebSocket.frame(0x80 | random.between(0, 15), random.bytes(200)));
            } catch (SocketException e) {
              // The gateway has closed in the middle of it, which is an answer.
              assertThat(e).isInstanceOf(SocketException.class);
            }
          });
      bystander.send(RawWebSocket.PING, Messages.bytes("alive"));
      RawWebSocket.Frame frame = bystander.readMessage();
      assertThat(frame.text()).isEqualTo("alive");
    }
    assertThat(gateway.get("/api").status()).isEqualTo(200);
    Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> gateway.connections() == 0);
    assertThat(kernel.received())
        .allSatisfy(message -> assertThat(message.channel()).isInstanceOf(Channel.class));
  }

  private RawWebSocket openV1() throws IOException {
    return RawWebSocket.open(gateway.port(), PATH, "Sec-WebSocket-Protocol: " + RawWebSocket.V1);
  }

  private void assertClosed(RawWebSocket client, int code, String reason) throws IOException {
    RawWebSocket.Frame close = client.readMessage();
    assertThat(close.opcode()).isEqualTo(RawWebSocket.CLOSE);
    assertThat(close.closeCode()).isEqualTo(code);
    assertThat(close.closeReason()).contains(reason);
    assertThat(close.payload()).hasSizeLessThanOrEqualTo(125);
    Awaitility.await().until(() -> kernel.model().connections() == 0);
    assertThat(gateway.get("/healthz").status()).isEqualTo(200);
  }
}
