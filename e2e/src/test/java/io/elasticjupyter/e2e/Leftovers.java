// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** Processes that a test must not leave behind. */
final class Leftovers {

  private Leftovers() {}

  /** Every process whose command line names a path under {@code directory}, as kernels' do. */
  static List<ProcessHandle> of(Path directory) {
    return ProcessHandle.allProcesses()
        .filter(process ->
            process
                .info()
                .commandLine()
                .filter(line -> line.contains(directory.toString()))
                .isPresent())
        .toList();
  }

  /** Waits until there is none; ends what stays, so that one failure does not become two. */
  static void assertNoneOf(Path directory) {
    try {
      Awaitility.await("processes of " + directory + " are gone")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(of(directory))
                  .extracting(process -> process.pid() + " " + process.info())
                  .isEmpty());
    } finally {
      of(directory).forEach(ProcessHandle::destroyForcibly);
    }
  }
}
