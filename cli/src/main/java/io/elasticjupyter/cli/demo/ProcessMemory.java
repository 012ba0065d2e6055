// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory a process holds, as the system sees it. */
final class ProcessMemory {

  private static final Path PROC = Path.of("/proc");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s*(\\d+) kB");
  private static final Pattern NUMBER = Pattern.compile("\\s*(\\d+)\\s*");

  private ProcessMemory() {}

  /** Resident bytes of a process; empty where there is no such process. */
  static OptionalLong resident(long pid) throws IOException, InterruptedException {
    return Files.isDirectory(PROC.resolve("self")) ? fromProc(pid) : fromPs(pid);
  }

  private static OptionalLong fromProc(long pid) throws IOException {
    try {
      List<String> lines = Files.readAllLines(PROC.resolve(Long.toString(pid)).resolve("status"));
      for (String line : lines) {
        Matcher matcher = RESIDENT.matcher(line);
        if (matcher.matches()) {
          return OptionalLong.of(Long.parseLong(matcher.group(1)) * 1024);
        }
      }
      // A process that has ended but was not waited for yet has no such line.
      return OptionalLong.empty();
    } catch (NoSuchFileException gone) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong fromPs(long pid) throws IOException, InterruptedException {
    Process ps =
        new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid))
            .redirectErrorStream(true)
            .start();
    ps.getOutputStream().close();
    String printed = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    ps.waitFor();
    Matcher matcher = NUMBER.matcher(printed);
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)) * 1024)
        : OptionalLong.empty();
  }

  /** For people, in megabytes. */
  static String megabytes(long bytes) {
    return Math.round(bytes / 1e6) + " MB";
  }
}
