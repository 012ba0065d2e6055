// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.cli.ProgramUnderTest;
import io.elasticjupyter.testkit.ProcessUnderTest;
import io.elasticjupyter.testkit.PythonEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoProgramIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path home;

  @Test
  void theDemoShowsThatTheVariablesAreKept() {
    String python = PythonEnvironment.get().python().toString();
    try (ProcessUnderTest demo =
        ProgramUnderTest.start(
            home,
            Map.of(),
            "demo",
            "--python",
            python,
            "--idle-seconds",
            "1",
            "--megabytes",
            "60")) {
      assertThat(demo.awaitExit(PATIENCE)).as(String.join("\n", demo.output())).isZero();
      assertThat(demo.output())
          .anyMatch(line -> line.contains("60000000 bytes of variables"))
          .anyMatch(line -> line.contains("was idle for"))
          .anyMatch(line -> line.matches(".*process \\d+ is gone: 0 MB.*"))
          .anyMatch(line -> line.matches("  +60000000 [0-9a-f]{8}"))
          .anyMatch(line -> line.contains("not kept"))
          .noneMatch(line -> line.contains("WARNING"));
    }
  }

  @Test
  void aPythonWithoutAKernelIsNamed() {
    try (ProcessUnderTest demo =
        ProgramUnderTest.start(home, Map.of(), "demo", "--python", "/nowhere/python")) {
      assertThat(demo.awaitExit(PATIENCE)).isEqualTo(1);
      assertThat(demo.output()).anyMatch(line -> line.contains("/nowhere/python"));
    }
  }
}
