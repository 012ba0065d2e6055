// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.testkit.KernelSpecFolder;
import io.elasticjupyter.testkit.ProcessUnderTest;
import io.elasticjupyter.testkit.PythonEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JupyterLab's own client library against the gateway, without a jupyter_server between them. */
final class ServicesE2E {

  @Test
  void theLibraryOfJupyterLabUsesKernelsSessionsCommsAndStdinAndReconnects(
      @TempDir Path directory) {
    Path program = NodeModules.program("services.mjs");
    Path specs = KernelSpecFolder.in(directory).ipykernel("python3").path();
    String node = PythonEnvironment.get().bin("node").toString();
    try (GatewayProgram gateway = GatewayProgram.start(directory, specs);
        ProcessUnderTest client =
            ProcessUnderTest.start(
                "services.mjs",
                directory,
                Map.of(),
                List.of(
                    node, program.toString(), gateway.url().toString(), GatewayProgram.TOKEN))) {
      int code = client.awaitExit(Duration.ofMinutes(5));

      assertThat(client.output()).as("exit code %d", code).contains("all 11 steps are well");
      assertThat(code).isZero();
    }
  }
}
