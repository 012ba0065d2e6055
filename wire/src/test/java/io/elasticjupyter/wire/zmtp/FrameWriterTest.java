// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The bytes of frames, and how many writes they take. */
final class FrameWriterTest {

  private final ByteCollector collector = new ByteCollector();
  private final FrameWriter writer = new FrameWriter(collector);

  @Test
  void theLastPartHasNoMoreAndALongPartHasALongSize() throws IOException {
    List<byte[]> parts = List.of(new byte[0], new byte[255], new byte[256]);

    writer.writeMessage(parts);

    assertThat(collector.toArray())
        .isEqualTo(
            ZmtpBytes.start()
                .raw(0x01, 0)
                .raw(0x01, 255)
                .raw(new byte[255])
                .raw(0x02, 0, 0, 0, 0, 0, 0, 1, 0)
                .raw(new byte[256])
                .toArray());
  }

  @Test
  void anOrdinaryMessageIsOneWriteFromOneKeptArray() throws IOException {
    List<byte[]> parts =
        List.of("<IDS|MSG>".getBytes(US_ASCII), new byte[64], new byte[220], new byte[500]);
    writer.writeMessage(parts);
    writer.writeMessage(parts);

    assertThat(collector.writes()).hasSize(2);
    assertThat(collector.writes().get(0).source()).isSameAs(collector.writes().get(1).source());
  }

  @Test
  void aMessageOfSixtyKibibytesIsStillOneWriteButIsNotKept() throws IOException {
    writer.writeMessage(List.of(new byte[20_000], new byte[40_000]));
    writer.writeMessage(List.of(new byte[20_000], new byte[40_000]));

    assertThat(collector.writes()).hasSize(2);
    assertThat(collector.writes().get(0).source()).isNotSameAs(collector.writes().get(1).source());
  }

  @Test
  void largePartsAreWrittenFromWhereTheyAreAndSmallOnesTogether() throws IOException {
    byte[] large = new byte[1_000_000];
    List<byte[]> parts =
        List.of(new byte[10], new byte[300], large, new byte[20], new byte[4_097], new byte[0]);

    writer.writeMessage(parts);

    assertThat(collector.writes()).hasSize(5);
    assertThat(collector.writes().get(0).length()).isEqualTo(2 + 10 + 9 + 300 + 9);
    assertThat(collector.writes().get(1).source()).isSameAs(large);
    assertThat(collector.writes().get(3).source()).isSameAs(parts.get(4));
    assertThat(collector.toArray()).isEqualTo(ZmtpBytes.start().message(parts).toArray());
  }

  @Test
  void manySmallPartsOfALargeMessageAreGatheredInOrder() throws IOException {
    List<byte[]> parts = IntStream.range(0, 500).mapToObj(i -> new byte[i]).toList();

    writer.writeMessage(parts);

    assertThat(collector.toArray()).isEqualTo(ZmtpBytes.start().message(parts).toArray());
    assertThat(collector.writes()).hasSizeLessThan(15);
  }

  @Test
  void commandsHaveTheirFlag() throws IOException {
    writer.writeCommand(Command.subscribe("abc".getBytes(US_ASCII)));

    assertThat(collector.toArray())
        .isEqualTo(ZmtpBytes.start().raw(0x04, 13, 9).text("SUBSCRIBEabc").toArray());
  }

  @Test
  void aCommandThatIsLongHasALongSize() throws IOException {
    writer.writeCommand(Command.subscribe(new byte[300]));

    assertThat(collector.toArray())
        .isEqualTo(ZmtpBytes.start().command("SUBSCRIBE", new byte[300]).toArray());
  }
}
