// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import io.elasticjupyter.testkit.ProjectRoot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Files that outlive a test, for whoever looks into a failure, and files that it brings along. */
final class TestFiles {

  private TestFiles() {}

  /** {@code e2e/target/KIND}, made if it is missing. */
  static Path folder(String kind) {
    try {
      return Files.createDirectories(ProjectRoot.path().resolve("e2e/target").resolve(kind));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(String kind, String name, String text) {
    return write(kind, name, text.getBytes(StandardCharsets.UTF_8));
  }

  static Path write(String kind, String name, byte[] bytes) {
    try {
      return Files.write(folder(kind).resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a resource that lies beside these classes into a directory. */
  static Path copyResource(String name, Path directory) {
    try (InputStream resource =
        Objects.requireNonNull(TestFiles.class.getResourceAsStream(name), name)) {
      return Files.write(directory.resolve(name), resource.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
