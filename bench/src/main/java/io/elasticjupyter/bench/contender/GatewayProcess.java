// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one process takes of the machine, as Linux counts it.
 *
 * @param pid of the process
 */
public record GatewayProcess(long pid) {
  private static final long KILO = 1024;
  // The last line of a class histogram: "Total <instances> <bytes>".
  private static final Pattern TOTAL_BYTES = Pattern.compile("^Total\\s+\\d+\\s+(\\d+)");

  /** Processor time that it has used so far; the sturdiest figure on a shared machine. */
  public Duration processorTime() {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  /** Proportional set size in bytes: shared pages count by how many share them. */
  public long proportional() throws IOException {
    return sumOf("smaps_rollup", "Pss:");
  }

  /** Resident set size in bytes. */
  public long resident() throws IOException {
    return sumOf("status", "VmRSS:");
  }

  private long sumOf(String file, String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), file))) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("\\D", "")) * KILO;
      }
    }
    throw new IOException("no " + field + " in " + file);
  }

  /** Bytes of live heap after a full collection, where the process is a JVM and jcmd is there. */
  public OptionalLong liveHeap() throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    // Asked of a program that is no JVM, jcmd may end it: it begins with a signal.
    Path program = Path.of("/proc", Long.toString(pid), "exe").toRealPath();
    if (!program.endsWith("java") || !Files.isExecutable(jcmd)) {
      return OptionalLong.empty();
    }
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var lines = process.inputReader()) {
      return lines
          .lines()
          .map(TOTAL_BYTES::matcher)
          .filter(Matcher::find)
          .mapToLong(total -> Long.parseLong(total.group(1)))
          .findFirst();
    }
  }
}
