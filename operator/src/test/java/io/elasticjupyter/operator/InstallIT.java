// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is installed is what lies in its parts. */
final class InstallIT {

  @Test
  void installYamlIsWhatGenerateMakes() throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("elastic.root"));
    Process check =
        new ProcessBuilder(root.resolve("deploy/generate").toString(), "--check")
            .redirectErrorStream(true)
            .start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(check.waitFor()).as(said).isZero();
  }
}
