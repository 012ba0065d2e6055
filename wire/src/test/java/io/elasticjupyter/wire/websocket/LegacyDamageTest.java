// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.RandomJson;
import io.elasticjupyter.wire.RandomMessages;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged frames of the legacy framing: each one is refused with a reason or is a message. */
class LegacyDamageTest {

  private static final LegacyFraming LEGACY = new LegacyFraming();

  /** A missing part is filled in as an empty object, which may be more than the frame had. */
  private static final long FILLED_IN = 6;

  @Test
  void anyTextIsAMessageOrAPreciseFailure() {
    SeededRandom.check(
        5_000,
        random -> {
          RandomJson generator = new RandomJson(random);
          byte[] text = text(new RandomMessages(random).next());
          byte[] bytes = random.percent(20) ? random.bytes(200) : generator.damaged(text);
          try {
            assertThat(LEGACY.decodeText(bytes).size())
                .isLessThanOrEqualTo(bytes.length + FILLED_IN);
          } catch (FramingException e) {
            assertThat(e).hasMessageEndingWith(".");
          }
        });
  }

  @Test
  void anyBytesAreAMessageOrAPreciseFailure() {
    SeededRandom.check(
        5_000,
        random -> {
          ByteBuffer frame = binary(new RandomMessages(random).next(), random.bytes(9));
          byte[] bytes = new byte[frame.remaining()];
          frame.get(bytes);
          byte[] damaged =
              random.percent(20) ? random.bytes(100) : new RandomJson(random).damaged(bytes);
          try {
            JupyterMessage message = LEGACY.decodeBinary(ByteBuffer.wrap(damaged));
            assertThat(message.size()).isLessThanOrEqualTo(damaged.length + FILLED_IN);
          } catch (FramingException e) {
            assertThat(e).hasMessageEndingWith(".");
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 30, 1_000_000, 1000})
  void aCountThatTheFrameCannotHoldIsRefusedAtOnce(int count) {
    ByteBuffer frame = binary(small(), new byte[4]);
    frame.putInt(0, count);
    assertThatThrownBy(() -> LEGACY.decodeBinary(frame))
        .isInstanceOf(FramingException.BadOffsets.class);
  }

  @Test
  void anyFrameWithoutItsBeginningIsRefused() {
    ByteBuffer frame = binary(small(), new byte[0]);
    for (int length = 0; length < frame.limit(); length++) {
      ByteBuffer cut = frame.duplicate().limit(length);
      assertThatThrownBy(() -> LEGACY.decodeBinary(cut)).isInstanceOf(FramingException.class);
    }
    assertThatThrownBy(() -> LEGACY.decodeBinary(ByteBuffer.allocate(8)))
        .isInstanceOf(FramingException.MissingParts.class);
  }

  private static JupyterMessage small() {
    byte[] object = "{}".getBytes(UTF_8);
    return new JupyterMessage(Channel.SHELL, object, object, object, object, List.of());
  }

  private static byte[] text(JupyterMessage message) {
    JupyterMessage bare =
        new JupyterMessage(
            message.channel(),
            message.header(),
            message.parentHeader(),
            message.metadata(),
            message.content(),
            List.of());
    return ((WebSocketFrame.Text) LEGACY.encode(bare)).utf8();
  }

  private static ByteBuffer binary(JupyterMessage message, byte[] buffer) {
    JupyterMessage buffered =
        new JupyterMessage(
            message.channel(),
            message.header(),
            message.parentHeader(),
            message.metadata(),
            message.content(),
            List.of(buffer));
    return ((WebSocketFrame.Binary) LEGACY.encode(buffered)).bytes();
  }
}
