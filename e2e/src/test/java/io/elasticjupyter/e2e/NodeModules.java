// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import io.elasticjupyter.testkit.ProcessUnderTest;
import io.elasticjupyter.testkit.ProjectRoot;
import io.elasticjupyter.testkit.PythonEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The npm packages of {@code src/test/node}, installed from its lock into {@code .build/node}, and
 * made anew when the lock changes.
 */
final class NodeModules {

  private static final Path SOURCE = ProjectRoot.path().resolve("e2e/src/test/node");
  private static final Path TARGET = ProjectRoot.path().resolve(".build/node");
  private static final Path STAMP = TARGET.resolve("installed.json");

  private NodeModules() {}

  /** Copies one of the programs to where it finds its packages; installs those if necessary. */
  static Path program(String name) {
    try {
      Files.createDirectories(TARGET);
      Path lock = SOURCE.resolve("package-lock.json");
      if (!Files.exists(STAMP) || Files.mismatch(STAMP, lock) != -1) {
        install();
        Files.copy(lock, STAMP, StandardCopyOption.REPLACE_EXISTING);
      }
      return copy(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void install() throws IOException {
    copy("package.json");
    copy("package-lock.json");
    PythonEnvironment environment = PythonEnvironment.get();
    List<String> command =
        List.of(
            environment.bin("npm").toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    // npm is itself a program for node, which it looks for on PATH.
    Map<String, String> env =
        Map.of("PATH", environment.folder().resolve("bin") + ":" + System.getenv("PATH"));
    try (ProcessUnderTest npm = ProcessUnderTest.start("npm ci", TARGET, env, command)) {
      int code = npm.awaitExit(Duration.ofMinutes(10));
      if (code != 0) {
        throw new IllegalStateException(
            "npm ci ended with " + code + ":\n" + String.join("\n", npm.output()));
      }
    }
  }

  private static Path copy(String name) throws IOException {
    return Files.copy(
        SOURCE.resolve(name), TARGET.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }
}
