// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripted kernel is a kernel to the reference implementation, over TCP and over IPC. */
final class ScriptedKernelIT {

  @Test
  void doesWhatItIsToldByTheReferenceClient(@TempDir Path directory) throws IOException {
    KernelSpecFolder specs = KernelSpecFolder.in(directory).scripted("by-signal");
    specs.add(specs.scriptedSpec("by-message").withInterruptMode("message"));
    Path driver = directory.resolve("drive.py");
    try (InputStream program =
        Objects.requireNonNull(
            ScriptedKernelIT.class.getResourceAsStream("drive_scripted_kernel.py"))) {
      Files.copy(program, driver);
    }
    String python = PythonEnvironment.get().python().toString();
    try (ProcessUnderTest client =
        ProcessUnderTest.start(
            "driver",
            directory,
            Map.of(),
            List.of(python, driver.toString(), specs.path().toString()))) {
      int exitCode = client.awaitExit(Duration.ofMinutes(3));

      assertThat(client.output()).contains("it does what it is told");
      assertThat(exitCode).isZero();
    }
  }
}
