// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.elasticjupyter.cli.ProgramUnderTest;
import io.elasticjupyter.testkit.ProcessUnderTest;
import io.elasticjupyter.testkit.PythonEnvironment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabProgramIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path home;

  @Test
  void labShowsThePageAndEndsBothInOrder() throws Exception {
    try (ProcessUnderTest lab = start()) {
      URI page = page(lab);
      List<ProcessHandle> children = lab(lab);

      assertThat(children).isNotEmpty();
      try (HttpClient client = HttpClient.newHttpClient()) {
        assertThat(
                client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body())
            .contains("JupyterLab");
      }
      lab.terminate();
      assertThat(lab.awaitExit(PATIENCE)).isEqualTo(143);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    }
  }

  @Test
  void theDeathOfJupyterLabIsTold() {
    try (ProcessUnderTest lab = start()) {
      page(lab);
      List<ProcessHandle> children = lab(lab);
      List<ProcessHandle> all =
          Stream.concat(children.stream(), children.stream().flatMap(ProcessHandle::descendants))
              .toList();
      children.forEach(ProcessHandle::destroyForcibly);

      assertThat(lab.awaitExit(PATIENCE)).isEqualTo(1);
      // What JupyterLab started writes into the home that is deleted next, until it notices.
      all.forEach(ProcessHandle::destroyForcibly);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(all).noneMatch(ProcessHandle::isAlive));
      assertThat(lab.output()).anyMatch(line -> line.startsWith("JupyterLab ended with exit code"));
    }
  }

  @Test
  void jupyterLabDoesNotOutliveAProgramThatWasKilled() {
    try (ProcessUnderTest lab = start()) {
      page(lab);
      List<ProcessHandle> children = lab(lab);
      lab.kill();

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    }
  }

  private ProcessUnderTest start() {
    return ProgramUnderTest.start(
        home,
        Map.of("JUPYTER_CONFIG_DIR", home.toString()),
        "lab",
        "--no-browser",
        "--port",
        "0",
        "--python",
        PythonEnvironment.get().python().toString());
  }

  private static URI page(ProcessUnderTest lab) {
    String line = lab.awaitLine(one -> one.startsWith("JupyterLab is ready: "), PATIENCE);
    return URI.create(line.substring(line.indexOf("http")));
  }

  private static List<ProcessHandle> lab(ProcessUnderTest program) {
    return ProcessHandle.of(program.pid()).orElseThrow().children().toList();
  }
}
