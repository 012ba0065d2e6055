// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elasticjupyter.gateway.RawWebSocket;
import io.elasticjupyter.gateway.http.ByteStream;
import io.elasticjupyter.testkit.SeededRandom;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The frame reader under bytes that come in any pieces, whole, damaged or cut. */
class FrameReaderTest {

  private static final Duration NOW = Duration.ZERO;
  private static final long BUDGET = 10_000_000;

  private final InboundBudget budget = new InboundBudget(BUDGET);

  /** A stream that gives what is in its pieces, then its end. */
  private static final class Pieces implements ByteStream {
    private final Deque<ByteBuffer> pieces = new ArrayDeque<>();

    Pieces(List<byte[]> pieces) {
      pieces.forEach(piece -> this.pieces.add(ByteBuffer.wrap(piece)));
    }

    @Override
    public int read(ByteBuffer into, Duration timeout) {
      ByteBuffer first = pieces.peek();
      if (first == null) {
        return END;
      }
      int count = Math.min(first.remaining(), into.remaining());
      into.put(first.slice(first.position(), count));
      first.position(first.position() + count);
      if (!first.hasRemaining()) {
        pieces.remove();
      }
      return count;
    }

    @Override
    public void write(ByteBuffer from) {
      throw new AssertionError("a reader does not write");
    }

    @Override
    public void close() {
      pieces.clear();
    }
  }

  @Test
  void readsWhatWasSentHoweverItIsCut() {
    SeededRandom.check(
        300,
        random -> {
          List<byte[]> messages =
              random.listOf(5, () -> random.bytes(random.percent(10) ? 200_000 : 300));
          ByteArrayOutputStream sent = new ByteArrayOutputStream();
          for (byte[] message : messages) {
            List<byte[]> fragments = random.percent(50) ? random.cut(message) : List.of(message);
            if (fragments.isEmpty()) {
              fragments = List.of(message);
            }
            for (int i = 0; i < fragments.size(); i++) {
              int last = i == fragments.size() - 1 ? 0x80 : 0;
              int opcode = i == 0 ? RawWebSocket.BINARY : 0;
              sent.writeBytes(RawWebSocket.frame(last | opcode, fragments.get(i)));
              if (random.percent(20)) {
                sent.writeBytes(RawWebSocket.frame(0x8A, random.bytes(125)));
              }
            }
          }
          assertThat(received(random.cut(sent.toByteArray())))
              .usingElementComparator(Arrays::compare)
              .containsExactlyElementsOf(messages);
        });
    assertThat(budget.free()).isEqualTo(BUDGET);
  }

  @Test
  void anyBytesEndInAMessageAFailureOrTheEnd() {
    SeededRandom.check(
        2000,
        random -> {
          FrameReader reader =
              new FrameReader(new Pieces(random.cut(random.bytes(400))), 1_000_000, budget);
          try (reader) {
            Received next = reader.next(NOW);
            while (!(next instanceof Received.Lost)) {
              next = reader.next(NOW);
            }
          } catch (WebSocketFailure failure) {
            assertThat(failure.reason()).isNotEmpty();
          }
        });
    assertThat(budget.free()).isEqualTo(BUDGET);
  }

  @Test
  void lengthsThatAreOnlyClaimedTakeNoMemory() throws IOException, WebSocketFailure {
    ByteBuffer head = ByteBuffer.allocate(14).put((byte) 0x82).put((byte) 0xFF);
    head.putLong(500_000_000).putInt(0);
    InboundBudget small = new InboundBudget(1);
    FrameReader reader =
        new FrameReader(new Pieces(List.of(head.array())), Integer.MAX_VALUE - 8, small);
    assertThat(reader.next(NOW)).isInstanceOf(Received.Lost.class);
    assertThat(small.free()).isEqualTo(1);
  }

  @Test
  void largeMessagesThatGoOverTheCommonBudgetAreToldToComeAgain() {
    byte[] frame = RawWebSocket.frame(0x82, new byte[200_000]);
    FrameReader reader =
        new FrameReader(new Pieces(List.of(frame)), 1_000_000, new InboundBudget(100_000));
    WebSocketFailure failure = catchThrowableOfType(WebSocketFailure.class, () -> reader.next(NOW));
    assertThat(failure.code()).isEqualTo(CloseCode.TRY_AGAIN_LATER);
  }

  private List<byte[]> received(List<byte[]> pieces) throws IOException, WebSocketFailure {
    List<byte[]> messages = new ArrayList<>();
    try (FrameReader reader = new FrameReader(new Pieces(pieces), 1_000_000, budget)) {
      while (true) {
        switch (reader.next(NOW)) {
          case Received.Binary(byte[] bytes) -> messages.add(bytes);
          case Received.Pong _ -> {}
          case Received.Lost _ -> {
            return messages;
          }
          case Received.Text _, Received.Ping _, Received.Close _, Received.Quiet _ ->
              throw new AssertionError("not sent");
        }
      }
    }
  }
}
