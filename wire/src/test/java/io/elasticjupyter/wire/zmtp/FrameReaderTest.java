// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.zmtp.ZmtpException.BadCommand;
import io.elasticjupyter.wire.zmtp.ZmtpException.BadFrame;
import io.elasticjupyter.wire.zmtp.ZmtpException.Closed;
import io.elasticjupyter.wire.zmtp.ZmtpException.TooLarge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages and commands out of any byte stream, however it is cut, and no others. */
final class FrameReaderTest {

  private static final ZmtpOptions OPTIONS = ZmtpOptions.defaults();

  @Test
  void messagesSurviveEachPlaceOfACut() throws IOException {
    byte[] stream =
        ZmtpBytes.start()
            .message("a", "", "b".repeat(255), "c".repeat(256))
            .ping(10, "ctx")
            .message("d".repeat(3000))
            .longFrame(0x01, "short".getBytes(US_ASCII))
            .ping(0, "")
            .frame(0, "last".getBytes(US_ASCII))
            .toArray();
    for (int cut = 0; cut <= stream.length; cut++) {
      PieceSource source =
          new PieceSource(
              Arrays.copyOfRange(stream, 0, cut), Arrays.copyOfRange(stream, cut, stream.length));
      List<Command> commands = new ArrayList<>();

      assertThat(readAll(source, commands))
          .as("cut at %d", cut)
          .containsExactly(
              List.of("a", "", "b".repeat(255), "c".repeat(256)),
              List.of("d".repeat(3000)),
              List.of("short", "last"));
      assertThat(commands).hasSize(2);
    }
  }

  @Test
  void whatTheWriterWritesIsReadHoweverItArrives() {
    SeededRandom.check(
        300,
        random -> {
          List<List<byte[]>> messages = random.listOf(12, () -> FrameReaderTest.message(random));
          ByteCollector collector = new ByteCollector();
          FrameWriter writer = new FrameWriter(collector);
          for (List<byte[]> message : messages) {
            writer.writeMessage(message);
            if (random.percent(20)) {
              writer.writeCommand(Command.pong(random.bytes(16)));
            }
          }
          FrameReader reader =
              new FrameReader(new PieceSource(random.cut(collector.toArray())), OPTIONS);

          for (List<byte[]> message : messages) {
            assertThat(reader.readMessage(command -> {}).toArray(byte[][]::new))
                .isDeepEqualTo(message.toArray(byte[][]::new));
          }
          assertThatExceptionOfType(Closed.class)
              .isThrownBy(() -> reader.readMessage(command -> {}))
              .matches(closed -> closed.how() == Closed.How.BY_PEER);
        });
  }

  @Test
  void aDamagedStreamEndsInMessagesOrInAReason() {
    ZmtpOptions small = OPTIONS.withMaxMessageBytes(100_000).withMaxParts(50);
    SeededRandom.check(
        2_000,
        random -> {
          ZmtpBytes stream = ZmtpBytes.start();
          int count = random.between(1, 5);
          for (int i = 0; i < count; i++) {
            stream.message(message(random)).ping(random.between(0, 0xffff), "context");
          }
          byte[] bytes = stream.toArray();
          int flips = random.between(1, 5);
          for (int i = 0; i < flips; i++) {
            bytes[random.between(0, Math.min(bytes.length - 1, 400))] ^=
                (byte) (1 << random.between(0, 7));
          }
          FrameReader reader = new FrameReader(new PieceSource(random.cut(bytes)), small);

          assertThatExceptionOfType(ZmtpException.class)
              .isThrownBy(() -> {
                while (true) {
                  List<byte[]> parts = reader.readMessage(command -> {});
                  assertThat(parts).hasSizeBetween(1, 50);
                }
              });
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0x05, 0x07, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff})
  void illegalFlagsAreRefused(int flags) {
    assertThatExceptionOfType(BadFrame.class)
        .isThrownBy(() -> read(ZmtpBytes.start().raw(flags, 0), OPTIONS))
        .withMessageContaining("0x" + Integer.toHexString(flags));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {(1L << 30) + 1, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void aSizeAboveTheLimitIsRefusedBeforeAnythingIsAllocated(long size) {
    long before = Allocation.ofThisThread();

    assertThatExceptionOfType(TooLarge.class)
        .isThrownBy(() -> read(ZmtpBytes.start().raw(0x02).int64(size).text("x"), OPTIONS))
        .withMessageContaining(Long.toUnsignedString(size));

    assertThat(Allocation.ofThisThread() - before).isLessThan(5_000_000);
  }

  @Test
  void aClaimBelowTheLimitCostsNoMoreThanWhatArrives() {
    long before = Allocation.ofThisThread();

    assertThatExceptionOfType(Closed.class)
        .isThrownBy(() -> read(ZmtpBytes.start().raw(0x02).int64(1L << 30).text("x"), OPTIONS));

    assertThat(Allocation.ofThisThread() - before)
        .isLessThan(ReceiveBuffer.TRUSTED_BYTES + 5_000_000);
  }

  @Test
  void aPartAboveWhatIsTrustedArrivesWhole() throws IOException {
    byte[] part = new byte[ReceiveBuffer.TRUSTED_BYTES * 5 + 7];
    for (int i = 0; i < part.length; i++) {
      part[i] = (byte) ((i * 31) >> 3);
    }
    FrameReader reader =
        new FrameReader(new PieceSource(ZmtpBytes.start().longFrame(0, part).toArray()), OPTIONS);

    assertThat(Arrays.equals(reader.readMessage(command -> {}).getFirst(), part)).isTrue();
  }

  @Test
  void theLimitIsForAllPartsTogether() throws IOException {
    ZmtpOptions options = OPTIONS.withMaxMessageBytes(10);
    assertThat(read(ZmtpBytes.start().message("12345", "67890"), options)).hasSize(2);
    assertThatExceptionOfType(TooLarge.class)
        .isThrownBy(() -> read(ZmtpBytes.start().message("12345", "678901"), options));
  }

  @Test
  void theNumberOfPartsIsLimited() throws IOException {
    ZmtpOptions options = OPTIONS.withMaxParts(3);
    assertThat(read(ZmtpBytes.start().message("", "", ""), options)).hasSize(3);
    assertThatExceptionOfType(TooLarge.class)
        .isThrownBy(() -> read(ZmtpBytes.start().message("", "", "", ""), options));
  }

  @Test
  void aCommandAboveItsOwnLimitIsRefused() {
    assertThatExceptionOfType(TooLarge.class)
        .isThrownBy(() ->
            read(
                ZmtpBytes.start().longFrame(0x04, new byte[FrameReader.MAX_COMMAND_BYTES + 1]),
                OPTIONS));
  }

  @Test
  void aCommandBetweenTwoPartsOfAMessageIsTakenApart() throws IOException {
    byte[] stream =
        ZmtpBytes.start()
            .frame(0x01, "one".getBytes(US_ASCII))
            .ping(1, "between")
            .frame(0, "two".getBytes(US_ASCII))
            .toArray();
    List<Command> commands = new ArrayList<>();

    assertThat(readAll(new PieceSource(stream), commands)).containsExactly(List.of("one", "two"));
    assertThat(commands).singleElement().isInstanceOf(Command.Ping.class);
  }

  @Test
  void anEndInsideAMessageIsNoOrderlyEnd() {
    byte[] stream = ZmtpBytes.start().message("first", "second").toArray();
    for (int end = 0; end < stream.length; end++) {
      byte[] cut = Arrays.copyOf(stream, end);
      Closed.How how = end == 0 ? Closed.How.BY_PEER : Closed.How.BY_PEER_INSIDE_MESSAGE;

      assertThatExceptionOfType(Closed.class)
          .isThrownBy(() -> read(ZmtpBytes.start().raw(cut), OPTIONS))
          .matches(closed -> closed.how() == how, how.name())
          .matches(closed -> closed.code().equals("zmtp-closed"));
    }
  }

  @Test
  void anEndAfterACommandIsOrderly() {
    assertThatExceptionOfType(Closed.class)
        .isThrownBy(() -> read(ZmtpBytes.start().ping(0, ""), OPTIONS))
        .matches(closed -> closed.how() == Closed.How.BY_PEER);
  }

  @Test
  void aMessageInsteadOfTheFirstCommandIsRefused() {
    FrameReader reader =
        new FrameReader(new PieceSource(ZmtpBytes.start().message("hi").toArray()), OPTIONS);

    assertThatExceptionOfType(BadCommand.class).isThrownBy(reader::readCommand);
  }

  @Test
  void tellsWhetherMoreWasReadAlready() throws IOException {
    byte[] stream = ZmtpBytes.start().message("one").message("two").raw(0x00).toArray();
    FrameReader reader = new FrameReader(new PieceSource(stream), OPTIONS);
    assertThat(reader.hasBuffered()).isFalse();
    reader.readMessage(command -> {});
    assertThat(reader.hasBuffered()).isTrue();
    reader.readMessage(command -> {});
    assertThat(reader.hasBuffered()).as("a part of a frame counts").isTrue();
  }

  private static List<byte[]> message(SeededRandom random) {
    List<byte[]> parts =
        new ArrayList<>(
            random.listOf(8, () -> random.bytes(random.oneOf(List.of(0, 3, 300, 9_000)))));
    parts.add(random.bytes(random.percent(3) ? 200_000 : 600));
    return parts;
  }

  private static List<byte[]> read(ZmtpBytes stream, ZmtpOptions options) throws IOException {
    return new FrameReader(new PieceSource(stream.toArray()), options).readMessage(command -> {});
  }

  private static List<List<String>> readAll(PieceSource source, List<Command> commands)
      throws IOException {
    FrameReader reader = new FrameReader(source, OPTIONS);
    List<List<String>> messages = new ArrayList<>();
    while (true) {
      try {
        messages.add(
            reader.readMessage(commands::add).stream()
                .map(part -> new String(part, US_ASCII))
                .toList());
      } catch (Closed end) {
        assertThat(end.how()).isEqualTo(Closed.How.BY_PEER);
        return messages;
      }
    }
  }
}
