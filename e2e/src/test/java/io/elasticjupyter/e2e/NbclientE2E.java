// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.testkit.KernelSpecFolder;
import io.elasticjupyter.testkit.ProcessUnderTest;
import io.elasticjupyter.testkit.PythonEnvironment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code nbconvert --execute} with a kernel from the gateway, as papermill and scheduled notebooks
 * do it: nbclient with jupyter_server's in-process gateway client. That client opens the websocket
 * without a token (jupyter_server 2.21), so the gateway is one that asks for none.
 */
final class NbclientE2E {

  private static final int LINES = 20_000;

  @Test
  void aNotebookIsExecutedWithAllItsOutputs(@TempDir Path directory) throws IOException {
    Path specs = KernelSpecFolder.in(directory).ipykernel("python3").path();
    Path notebook =
        Notebooks.write(
            directory.resolve("work.ipynb"),
            "python3",
            "x = 41\nprint('hello')",
            "x + 1",
            "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()",
            "for number in range(" + LINES + "):\n    print(number)",
            "1 / 0");
    try (GatewayProgram gateway = GatewayProgram.startOpen(directory, specs)) {
      try (ProcessUnderTest nbconvert = execute(directory, gateway.url(), notebook)) {
        int code = nbconvert.awaitExit(Duration.ofMinutes(5));
        assertThat(code).as("%s", nbconvert.output()).isZero();
      }

      JsonNode cells =
          Rest.JSON.readTree(directory.resolve("work.done.ipynb").toFile()).get("cells");
      assertThat(text(cells.get(0))).isEqualTo("hello\n");
      assertThat(cells.at("/1/outputs/0/data/text~1plain/0").asText()).isEqualTo("42");
      assertThat(cells.at("/2/outputs/0/data/image~1png").asText()).startsWith("iVBOR");
      assertThat(text(cells.get(3)).lines().map(Integer::valueOf).toList())
          .isEqualTo(IntStream.range(0, LINES).boxed().toList());
      assertThat(cells.at("/4/outputs/0/ename").asText()).isEqualTo("ZeroDivisionError");
      assertThat(gateway.rest().get("/api/kernels").json()).isEmpty();
    }
  }

  /** Its library gives up one second after the websocket is open. */
  @Test
  void aKernelThatStartsSlowlyIsWaitedFor(@TempDir Path directory) throws IOException {
    KernelSpecFolder specs = KernelSpecFolder.in(directory).ipykernel("python3");
    Path kernelspec = specs.path().resolve("python3/kernel.json");
    ObjectNode slow = (ObjectNode) Rest.JSON.readTree(kernelspec.toFile());
    ArrayNode argv =
        slow.putArray("argv").add("sh").add("-c").add("sleep 3; exec \"$@\"").add("sh");
    Rest.JSON.readTree(kernelspec.toFile()).path("argv").forEach(argv::add);
    Files.writeString(kernelspec, slow.toString());
    Path notebook = Notebooks.write(directory.resolve("work.ipynb"), "python3", "print(6 * 7)");
    try (GatewayProgram gateway = GatewayProgram.startOpen(directory, specs.path());
        ProcessUnderTest nbconvert = execute(directory, gateway.url(), notebook)) {
      int code = nbconvert.awaitExit(Duration.ofMinutes(5));
      assertThat(code).as("%s", nbconvert.output()).isZero();

      JsonNode cells =
          Rest.JSON.readTree(directory.resolve("work.done.ipynb").toFile()).get("cells");
      assertThat(text(cells.get(0))).isEqualTo("42\n");
    }
  }

  private static ProcessUnderTest execute(Path directory, URI gateway, Path notebook) {
    Map<String, String> env = GatewayProgram.cleanEnvironment();
    env.put("JUPYTER_GATEWAY_URL", gateway.toString());
    return ProcessUnderTest.start(
        "nbconvert",
        directory,
        env,
        List.of(
            PythonEnvironment.get().python().toString(),
            "-m",
            "nbconvert",
            "--execute",
            "--allow-errors",
            "--ExecutePreprocessor.kernel_manager_class="
                + "jupyter_server.gateway.managers.GatewayKernelManager",
            "--to=notebook",
            "--output=work.done.ipynb",
            notebook.toString()));
  }

  /** The stream text of a cell; notebook files hold it as lines, and as several outputs. */
  private static String text(JsonNode cell) {
    StringBuilder text = new StringBuilder();
    for (JsonNode output : cell.get("outputs")) {
      output.path("text").forEach(line -> text.append(line.asText()));
    }
    return text.toString();
  }
}
