// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class OneLineFormatterTest {

  private final OneLineFormatter formatter = new OneLineFormatter(ZoneOffset.UTC);

  @Test
  void aRecordIsOneLineWithTimeLevelRoomAndClass() {
    LogRecord entry = entry(Level.INFO, "event=kernel-found kernel={0}");
    entry.setParameters(new Object[] {"k1"});

    assertThat(formatter.format(entry))
        .isEqualTo(
            "2026-11-24 10:00:00.123 INFO  kernels.LiveKernels  event=kernel-found kernel=k1\n");
  }

  @Test
  void nobodyForgesALine() {
    assertThat(formatter.format(entry(Level.WARNING, "name=a\nb\rc\td\u001b[2J")))
        .isEqualTo("2026-11-24 10:00:00.123 WARN  kernels.LiveKernels  name=a\\nb\\rc d?[2J\n");
  }

  @Test
  void aTraceFollowsIndented() {
    LogRecord entry = entry(Level.SEVERE, "failed");
    entry.setThrown(new IllegalStateException("why"));

    assertThat(formatter.format(entry).lines()).first().asString().contains("ERROR");
    assertThat(formatter.format(entry).lines().skip(1))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("    "))
        .anyMatch(line -> line.contains("IllegalStateException: why"));
  }

  private static LogRecord entry(Level level, String message) {
    LogRecord entry = new LogRecord(level, message);
    entry.setLoggerName("io.elasticjupyter.kernels.life.LiveKernels");
    entry.setInstant(Instant.parse("2026-11-24T10:00:00.123Z"));
    return entry;
  }
}
