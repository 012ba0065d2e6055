// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.testkit.SeededRandom;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a peer sends, the answer is messages or a {@link ZmtpException}, and memory stays within
 * what was sent. A failure names its seed; its input then goes into {@link #inputsOnce} for good.
 */
final class ZmtpFuzzTest {

  private static final Duration TIME = Duration.ofSeconds(2);
  private static final ZmtpOptions OPTIONS =
      ZmtpOptions.defaults().withMaxMessageBytes(1_000_000).withMaxParts(100);

  private static final List<String> DICTIONARY =
      List.of(
          "\u0005READY",
          "\u0005ERROR",
          "\u0004PING",
          "\u0004PONG",
          "\u0009SUBSCRIBE",
          "\u0006CANCEL",
          "\u000bSocket-Type\0\0\0\u0006ROUTER",
          "\u0008Identity\0\0\0\0",
          "\u00ff\0\0\0\0\0\0\0\u0001\u007f\u0003\u0001NULL",
          "\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
          "\u0080\0\0\0\0\0\0\0",
          "\0\0\0\0\u007f\u00ff\u00ff\u00ff",
          "\0\0\0\0\0\u000fB@");

  @Test
  void anyBytesEndInMessagesOrInAReason() {
    long end = System.nanoTime() + TIME.toNanos();
    while (System.nanoTime() < end) {
      SeededRandom.check(100, random -> feed(random.cut(input(random)), random.percent(20)));
    }
  }

  /** Inputs that were wrong once, and those at the edges. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u0004\0",
        "\u0006\0\0\0\0\0\0\0\0",
        "\u0004\u0001\0",
        "\u0003\0\0\0\0\0\0\0\0\u0002\0\0\0\0\0\0\0\0",
        "\u0002\0\0\0\0\0\u000fBA",
        "\u0006\u0080\0\0\0\0\0\0\0",
        "\u0004\u0005\u0004PING",
        "\u0004\u000b\u0005READY\u0000\0\0\0\0"
      })
  void inputsOnce(String input) throws IOException {
    byte[] bytes = input.getBytes(ISO_8859_1);
    feed(List.of(bytes), false);
    feed(List.of(bytes), true);
  }

  private static void feed(List<byte[]> pieces, boolean withGreeting) throws IOException {
    long size = pieces.stream().mapToLong(piece -> piece.length).sum();
    long before = Allocation.ofThisThread();
    FrameReader reader = new FrameReader(new PieceSource(pieces), OPTIONS);
    try {
      if (withGreeting) {
        assertThat(reader.readGreeting().major()).isGreaterThanOrEqualTo(3);
        Command first = reader.readCommand();
        assertThat(first.toString()).isNotEmpty();
      }
      while (true) {
        assertThat(reader.readMessage(command -> {})).hasSizeBetween(1, 100);
      }
    } catch (ZmtpException expected) {
      assertThat(expected.code()).startsWith("zmtp-");
      assertThat(expected.getMessage()).matches("[\\x20-\\x7e]+");
    }
    // One message at its limit, what the test itself allocates, and a multiple of what was sent.
    assertThat(Allocation.ofThisThread() - before).isLessThan(3_000_000 + 200 * size);
  }

  private static byte[] input(SeededRandom random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int tokens = random.between(1, 20);
    for (int i = 0; i < tokens; i++) {
      switch (random.between(0, 5)) {
        case 0 -> bytes.writeBytes(random.bytes(20));
        case 1 -> bytes.writeBytes(random.oneOf(DICTIONARY).getBytes(ISO_8859_1));
        case 2 -> bytes.write(random.between(0, 7));
        case 3 -> bytes.writeBytes(ZmtpBytes.start().frame(0x01, random.bytes(400)).toArray());
        case 4 ->
            bytes.writeBytes(
                ZmtpBytes.start()
                    .frame(
                        0x04,
                        ZmtpBytes.start()
                            .text(random.oneOf(DICTIONARY))
                            .raw(random.bytes(30))
                            .toArray())
                    .toArray());
        default -> bytes.writeBytes(ZmtpBytes.start().greeting(3, 1, "NULL").toArray());
      }
    }
    return bytes.toByteArray();
  }
}
