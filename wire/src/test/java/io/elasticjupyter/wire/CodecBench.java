// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.Envelope;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageHeader;
import io.elasticjupyter.wire.message.Signer;
import io.elasticjupyter.wire.message.StatusContent;
import io.elasticjupyter.wire.websocket.LegacyFraming;
import io.elasticjupyter.wire.websocket.V1Framing;
import io.elasticjupyter.wire.websocket.WebSocketFrame;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Nanoseconds of processor time per message of what each message goes through; run by hand, for
 * comparing two states of the code on one machine. Prints the median of several rounds.
 */
public final class CodecBench {

  private static final int ROUNDS = 9;
  private static final long ROUND_NANOS = 300_000_000L;
  private static final int CALLS_BETWEEN_CLOCKS = 64;

  /** Processor time, not the clock's: the machine is seldom quiet. */
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** What the measured code gives, so that none of it can be left out. */
  private static int consumed;

  private CodecBench() {}

  /** Runs all of it. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    Signer signer =
        Signer.of(Signer.DEFAULT_SCHEME, "0123456789abcdef0123456789abcdef".getBytes(UTF_8));
    V1Framing v1 = new V1Framing();
    LegacyFraming legacy = new LegacyFraming();
    JupyterMessage small = message("hello\\n");
    measure(out, "header parse", () -> MessageHeader.parse(small.header()).msgId().length());
    byte[] status = "{\"execution_state\": \"busy\"}".getBytes(UTF_8);
    measure(out, "execution state", () -> StatusContent.executionState(status).hashCode());
    for (int size : List.of(100, 10_000, 1_000_000)) {
      JupyterMessage message = message("x".repeat(size));
      List<byte[]> sealed = Envelope.seal(message, signer);
      byte[] text = ((WebSocketFrame.Text) legacy.encode(message)).utf8();
      WebSocketFrame.Binary binary = (WebSocketFrame.Binary) v1.encode(message);
      String suffix = ", " + size + " bytes of text";
      measure(out, "sign" + suffix, () -> Envelope.seal(message, signer).size());
      measure(
          out, "verify" + suffix, () -> Envelope.open(Channel.IOPUB, sealed, signer).partCount());
      measure(out, "v1 encode" + suffix, () -> length(v1.encode(message)));
      measure(out, "v1 decode" + suffix, () -> v1.decodeBinary(binary.bytes()).partCount());
      measure(out, "legacy encode" + suffix, () -> length(legacy.encode(message)));
      measure(out, "legacy decode" + suffix, () -> legacy.decodeText(text).partCount());
    }
    out.println("(" + consumed + ")");
  }

  private static int length(WebSocketFrame frame) {
    return switch (frame) {
      case WebSocketFrame.Text text -> text.utf8().length;
      case WebSocketFrame.Binary binary -> binary.bytes().remaining();
    };
  }

  private static JupyterMessage message(String text) {
    String header =
        "{\"msg_id\": \"b4c1f6a2-8d6bf6b42a1f4f4f9a4d9d05_12345_678\", \"msg_type\": \"stream\","
            + " \"username\": \"username\", \"session\": \"b4c1f6a2-8d6bf6b42a1f4f4f9a4d9d05\","
            + " \"date\": \"2026-11-24T10:29:17.123456Z\", \"version\": \"5.4\"}";
    return new JupyterMessage(
        Channel.IOPUB,
        header.getBytes(UTF_8),
        header.replace("stream", "execute_request").getBytes(UTF_8),
        "{}".getBytes(UTF_8),
        ("{\"name\": \"stdout\", \"text\": \"" + text + "\"}").getBytes(UTF_8),
        List.of());
  }

  private static void measure(PrintStream out, String what, Callable<Integer> code)
      throws Exception {
    double[] nanos = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = THREADS.getCurrentThreadCpuTime();
      long end = start;
      long calls = 0;
      while (end - start < ROUND_NANOS) {
        for (int i = 0; i < CALLS_BETWEEN_CLOCKS; i++) {
          consumed += code.call();
        }
        calls += CALLS_BETWEEN_CLOCKS;
        end = THREADS.getCurrentThreadCpuTime();
      }
      nanos[round] = (double) (end - start) / calls;
    }
    Arrays.sort(nanos);
    out.printf(Locale.ROOT, "%-40s %,12.0f ns%n", what, nanos[ROUNDS / 2]);
  }
}
