// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.Golden;
import io.elasticjupyter.wire.RandomJson;
import io.elasticjupyter.wire.RandomMessages;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class V1FramingTest {

  private static final V1Framing V1 = new V1Framing();

  @Test
  void readsAndWritesTheFramesOfJupyterServerByteForByte() throws IOException, FramingException {
    for (JsonNode golden : Golden.cases("v1-frames")) {
      byte[] frame = Golden.bytes(golden.path("frame"));
      JupyterMessage message = V1.decodeBinary(ByteBuffer.wrap(frame));
      assertThat(message.channel().wireName()).isEqualTo(golden.path("channel").textValue());
      List<byte[]> parts = Golden.allBytes(golden.path("parts"));
      assertThat(message.partCount()).isEqualTo(parts.size());
      for (int i = 0; i < parts.size(); i++) {
        assertThat(message.part(i)).isEqualTo(parts.get(i));
      }
      assertThat(encoded(message)).isEqualTo(frame);
    }
  }

  @Test
  void decodesWhatItEncoded() {
    SeededRandom.check(
        2_000,
        random -> {
          JupyterMessage message = new RandomMessages(random).next();
          JupyterMessage decoded = V1.decodeBinary(ByteBuffer.wrap(encoded(message)));
          assertThat(RandomMessages.describe(decoded)).isEqualTo(RandomMessages.describe(message));
        });
  }

  @Test
  void readsFromAnyPlaceInABufferOfAnyKindAndOrder() throws FramingException {
    byte[] frame = encoded(small());
    ByteBuffer direct = ByteBuffer.allocateDirect(frame.length + 7).order(ByteOrder.BIG_ENDIAN);
    direct.position(3).put(frame).position(3).limit(3 + frame.length);
    JupyterMessage decoded = V1.decodeBinary(direct.asReadOnlyBuffer());
    assertThat(RandomMessages.describe(decoded)).isEqualTo(RandomMessages.describe(small()));
  }

  @Test
  void passesOnAnythingThatAKernelSends() {
    byte[] noJson = {(byte) 0xFF, 0, 1};
    JupyterMessage message =
        new JupyterMessage(Channel.IOPUB, noJson, noJson, noJson, noJson, List.of());
    byte[] frame = encoded(message);
    assertThat(frame).endsWith(0xFF, 0, 1, 0xFF, 0, 1, 0xFF, 0, 1, 0xFF, 0, 1);
  }

  @Test
  void anyShortenedOrLengthenedFrameIsRefused() {
    byte[] frame = encoded(small());
    for (int length = 0; length < frame.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(frame, 0, length);
      assertThatThrownBy(() -> V1.decodeBinary(cut)).isInstanceOf(FramingException.class);
    }
    ByteBuffer longer = ByteBuffer.allocate(frame.length + 1).put(frame).rewind();
    assertThatThrownBy(() -> V1.decodeBinary(longer))
        .isInstanceOf(FramingException.BadOffsets.class);
  }

  /** Such a count makes jupyter_server, Kernel Gateway and Enterprise Gateway loop and grow. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        -1,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        1L << 32,
        1L << 61,
        (1L << 61) - 1,
        Integer.MAX_VALUE,
        1_000_000,
        8,
        9,
        1000
      })
  void aCountThatTheFrameCannotHoldIsRefusedAtOnce(long count) {
    ByteBuffer frame = ByteBuffer.wrap(encoded(small())).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(0, count);
    assertThatThrownBy(() -> V1.decodeBinary(frame))
        .isInstanceOfSatisfying(
            FramingException.class, e -> assertThat(e.code()).isEqualTo("bad-offsets"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 5})
  void tooFewPartsAreRefused(long count) {
    ByteBuffer frame = ByteBuffer.wrap(encoded(small())).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(0, count);
    assertThatThrownBy(() -> V1.decodeBinary(frame))
        .isInstanceOf(FramingException.MissingParts.class);
  }

  @Test
  void anyOtherOffsetThanTheRightOneIsRefusedOrCutsElsewhere() {
    SeededRandom.check(
        3_000,
        random -> {
          JupyterMessage message = new RandomMessages(random).next();
          ByteBuffer frame = ByteBuffer.wrap(encoded(message)).order(ByteOrder.LITTLE_ENDIAN);
          int index = random.between(1, message.partCount() + 2);
          long before = frame.getLong(index * 8);
          frame.putLong(index * 8, random.percent(50) ? before + 1 : random.anyLong());
          try {
            assertThat(V1.decodeBinary(frame).partCount()).isEqualTo(message.partCount());
          } catch (FramingException e) {
            assertThat(e.code())
                .isIn(
                    "bad-offsets",
                    "unknown-channel",
                    "invalid-json",
                    "invalid-utf8",
                    "unexpected-json-type",
                    "missing-header");
          }
        });
  }

  @Test
  void anyBytesAreAMessageOrAPreciseFailure() {
    SeededRandom.check(
        5_000,
        random -> {
          byte[] frame = encoded(new RandomMessages(random).next());
          byte[] bytes =
              random.percent(20) ? random.bytes(200) : new RandomJson(random).damaged(frame);
          try {
            JupyterMessage decoded = V1.decodeBinary(ByteBuffer.wrap(bytes));
            assertThat(decoded.size()).isLessThan(bytes.length);
          } catch (FramingException e) {
            assertThat(e.code()).isNotEmpty();
            assertThat(e).hasMessageEndingWith(".");
          }
        });
  }

  @Test
  void nullForAnObjectIsAnEmptyOneButNotForTheHeader() throws FramingException {
    byte[] object = "{}".getBytes(UTF_8);
    byte[] none = "null".getBytes(UTF_8);
    JupyterMessage decoded =
        V1.decodeBinary(
            ByteBuffer.wrap(
                encoded(new JupyterMessage(Channel.SHELL, object, none, none, none, List.of()))));
    assertThat(List.of(decoded.parentHeader(), decoded.metadata(), decoded.content()))
        .containsOnly(object);
    byte[] headless =
        encoded(new JupyterMessage(Channel.SHELL, none, object, object, object, List.of()));
    assertThatThrownBy(() -> V1.decodeBinary(ByteBuffer.wrap(headless)))
        .isInstanceOf(FramingException.MissingHeader.class);
  }

  @Test
  void aPartThatIsNoObjectOrNoUtf8IsRefused() {
    byte[] object = "{}".getBytes(UTF_8);
    byte[] array = "[]".getBytes(UTF_8);
    byte[] notUtf8 = {'{', '"', (byte) 0xC3, '"', ':', '1', '}'};
    assertCode(
        new JupyterMessage(Channel.SHELL, object, array, object, object, List.of()),
        "unexpected-json-type");
    assertCode(
        new JupyterMessage(Channel.SHELL, object, object, object, notUtf8, List.of()),
        "invalid-utf8");
    assertCode(
        new JupyterMessage(Channel.SHELL, object, object, new byte[0], object, List.of()),
        "invalid-json");
  }

  @Test
  void textIsRefused() {
    assertThatThrownBy(() -> V1.decodeText("{}".getBytes(UTF_8)))
        .isInstanceOf(FramingException.UnexpectedText.class);
  }

  @Test
  void isChosenOnlyWhereItIsOffered() {
    assertThat(Framing.negotiate(List.of("a", "v1.kernel.websocket.jupyter.org"))).isEqualTo(V1);
    assertThat(Framing.negotiate(List.of())).isEqualTo(new LegacyFraming());
    assertThat(Framing.negotiate(List.of("v2.kernel.websocket.jupyter.org")))
        .isEqualTo(new LegacyFraming());
  }

  private static void assertCode(JupyterMessage message, String code) {
    byte[] frame = encoded(message);
    assertThatThrownBy(() -> V1.decodeBinary(ByteBuffer.wrap(frame)))
        .isInstanceOfSatisfying(FramingException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static JupyterMessage small() {
    byte[] object = "{}".getBytes(UTF_8);
    return new JupyterMessage(
        Channel.SHELL, object, object, object, object, List.of(new byte[] {1, 2}));
  }

  private static byte[] encoded(JupyterMessage message) {
    ByteBuffer bytes = ((WebSocketFrame.Binary) V1.encode(message)).bytes();
    byte[] frame = new byte[bytes.remaining()];
    bytes.get(frame);
    return frame;
  }
}
