// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import io.elasticjupyter.testkit.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that ends by itself within two minutes, run in the project's folder. */
final class ShortCall {

  private static final int PATIENCE_SECONDS = 120;

  private ShortCall() {}

  /** Runs it with the input and answers how it ended and what it said. */
  static Kubectl.Said run(List<String> command, String input) {
    try {
      Path answer = Files.createTempFile("said", ".txt");
      try {
        Process process =
            new ProcessBuilder(command)
                .directory(ProjectRoot.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(answer.toFile())
                .start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("no end within two minutes: " + command);
        }
        return new Kubectl.Said(process.exitValue(), Files.readString(answer));
      } finally {
        Files.delete(answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted in " + command, e);
    }
  }
}
