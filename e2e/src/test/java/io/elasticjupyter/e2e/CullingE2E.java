// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.testkit.KernelSpecFolder;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An idle kernel gives its memory back, and whoever looks at it is told. */
final class CullingE2E {

  @Test
  void anIdleKernelIsStoppedAndItsClientIsToldAndItsSocketClosed(@TempDir Path directory) {
    Path specs = KernelSpecFolder.in(directory).scripted("scripted").path();
    try (GatewayProgram gateway =
        GatewayProgram.start(
            directory,
            specs,
            "--cull-idle-timeout",
            "2",
            "--cull-interval",
            "1",
            "--cull-connected")) {
      String kernel = gateway.rest().startKernel("scripted");
      try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
        long process = Long.parseLong(client.run("pid").strip());

        client.await(
            "the reason, in words",
            message -> message.is("stream") && message.text().contains("idle"));
        client.await("dead", message -> message.isStatus("dead"));
        client.awaitClosed(KernelSocket.PATIENCE);
        Awaitility.await("its process is gone")
            .atMost(KernelSocket.PATIENCE)
            .until(() -> ProcessHandle.of(process).isEmpty());
      }
      assertThat(gateway.rest().get("/api/kernels/" + kernel).status()).isEqualTo(404);
    }
  }

  @Test
  void aBusyKernelIsNotStopped(@TempDir Path directory) {
    Path specs = KernelSpecFolder.in(directory).scripted("scripted").path();
    try (GatewayProgram gateway =
        GatewayProgram.start(
            directory,
            specs,
            "--cull-idle-timeout",
            "1",
            "--cull-interval",
            "1",
            "--cull-connected")) {
      String kernel = gateway.rest().startKernel("scripted");
      try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
        assertThat(client.run("sleep 4\nprint still here")).isEqualTo("still here\n");
      }
    }
  }
}
