// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.audience.RememberedSession;
import io.elasticjupyter.kernels.log.LogEntry;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KernelCopyTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static KernelState state(String dead) {
    return new KernelState(
        new KernelRecord(
            "00000000-0000-4000-8000-000000000001",
            "python3",
            "/specs/python3",
            JsonNodeFactory.instance.objectNode().put("display_name", "Python"),
            "ada",
            Map.of("KERNEL_USERNAME", "ada"),
            null,
            "gateway-1",
            NOON,
            new ProcessRecord(4711, 1_000),
            true,
            dead.isEmpty() ? null : dead,
            false,
            SleepRecord.NEVER,
            new HeldTime(1, 2, 3)),
        new ClientsRecord(7, NOON, List.of(new RememberedSession("page", true, 5, Set.of("page")))),
        bytes("{\"id\":\"1\"}\n"),
        new byte[0]);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static LogEntry entry(long sequence) {
    return new LogEntry(
        sequence,
        LogEntry.Kind.BULK,
        "page",
        new JupyterMessage(
            Channel.IOPUB, bytes("{}"), bytes("{}"), bytes("{}"), bytes("{\"a\":1}"), List.of()));
  }

  private static KernelCopy piece() {
    return new KernelCopy(
        true, false, "message-9", state("").since(null), List.of(entry(6), entry(7)));
  }

  @Test
  void comesAsItWent() throws Exception {
    KernelCopy read = KernelCopy.read(piece().bytes());

    assertThat(read.whole()).isTrue();
    assertThat(read.last()).isFalse();
    assertThat(read.lastOutput()).isEqualTo("message-9");
    assertThat(KernelState.after(null, read.change())).isEqualTo(state(""));
    assertThat(read.entries()).extracting(LogEntry::sequence).containsExactly(6L, 7L);
    assertThat(read.entries().getFirst().message().content()).isEqualTo(bytes("{\"a\":1}"));
  }

  @Test
  void onlyWhatChangedIsTold() throws Exception {
    KernelState.Change change = state("It ended.").since(state(""));

    assertThat(change.clients()).isNull();
    assertThat(change.requests()).isNull();
    assertThat(KernelState.after(state(""), change)).isEqualTo(state("It ended."));
  }

  @Test
  void aChangeOfNothingKnownIsRefused() {
    KernelState.Change change = state("It ended.").since(state(""));

    assertThatThrownBy(() -> KernelState.after(null, change)).isInstanceOf(IOException.class);
  }

  @Test
  void whatIsCutOffIsNoWholePiece() {
    byte[] whole = piece().bytes();
    for (int length = 0; length < whole.length; length++) {
      assertThat(entriesIn(Arrays.copyOf(whole, length))).isLessThan(2);
    }
  }

  @Test
  void whatIsDamagedIsReadOrRefused() {
    SeededRandom.check(
        2_000,
        random -> {
          byte[] damaged = piece().bytes();
          damaged[random.between(0, damaged.length - 1)] ^= (byte) random.between(1, 255);
          assertThat(entriesIn(damaged)).isBetween(-1, 2);
        });
  }

  /** How many there are; -1 for what is refused. */
  private static int entriesIn(byte[] bytes) {
    try {
      return KernelCopy.read(bytes).entries().size();
    } catch (IOException refused) {
      return -1;
    }
  }
}
