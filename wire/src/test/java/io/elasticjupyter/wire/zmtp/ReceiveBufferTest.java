// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much is read at once, and what an idle socket holds. */
final class ReceiveBufferTest {

  private static final int MAX = 64 * 1024;

  @Test
  void growsWhileEachReadFillsIt() throws IOException {
    PieceSource source = new PieceSource(new byte[1_000_000]);
    ReceiveBuffer buffer = new ReceiveBuffer(source, MAX);

    for (int i = 0; i < 300_000; i++) {
      buffer.next();
    }

    assertThat(source.asked()).startsWith(2_048, 8_192, 32_768, 65_536, 65_536);
  }

  @Test
  void waitsWithTheSmallBufferOnceTheSourceIsDrained() throws IOException {
    PieceSource source = new PieceSource(new byte[200_000], new byte[1]);
    ReceiveBuffer buffer = new ReceiveBuffer(source, MAX);
    for (int i = 0; i < 200_000; i++) {
      buffer.next();
    }
    assertThat(buffer.capacity()).isEqualTo(MAX);

    buffer.next();

    assertThat(source.asked().getLast()).isEqualTo(2_048);
    assertThat(buffer.capacity()).isEqualTo(2_048);
  }

  @Test
  void aLargePartIsReadIntoItsOwnArray() throws IOException {
    PieceSource source = new PieceSource(new byte[101_000]);
    ReceiveBuffer buffer = new ReceiveBuffer(source, MAX);
    buffer.next();

    assertThat(buffer.take(100_000)).hasSize(100_000);

    assertThat(source.asked()).containsExactly(2_048, 100_000 - 2_047);
  }

  @Test
  void afterALargePartThatCameInPiecesItWaitsWithTheSmallBuffer() throws IOException {
    PieceSource source =
        new PieceSource(List.of(new byte[2_048], new byte[50_000], new byte[47_952], new byte[1]));
    ReceiveBuffer buffer = new ReceiveBuffer(source, MAX);
    buffer.take(100_000);

    buffer.next();

    assertThat(source.asked().getLast()).isEqualTo(2_048);
  }

  @Test
  void partsOfSomeKibibytesInAFloodShareReads() throws IOException {
    PieceSource source = new PieceSource(new byte[10_000_000]);
    ReceiveBuffer buffer = new ReceiveBuffer(source, MAX);

    for (int i = 0; i < 900; i++) {
      buffer.next();
      buffer.take(9_999);
    }

    assertThat(source.asked()).hasSizeLessThan(250);
  }
}
