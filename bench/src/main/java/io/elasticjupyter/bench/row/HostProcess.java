// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.row;

import io.elasticjupyter.bench.contender.Workbench;
import io.elasticjupyter.bench.host.KernelHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The process that plays the hosted kernels; it ends when its standard input does. */
record HostProcess(Process process) implements AutoCloseable {

  static HostProcess start(Workbench workbench) throws IOException {
    Files.deleteIfExists(workbench.hostPipe());
    Process pipe = new ProcessBuilder("mkfifo", workbench.hostPipe().toString()).start();
    await(pipe);
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KernelHost.class.getName(),
                workbench.hostPipe().toString())
            .redirectErrorStream(true)
            .redirectOutput(workbench.work().resolve("kernel-host.log").toFile())
            .start();
    return new HostProcess(host);
  }

  private static void await(Process process) throws IOException {
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    await(process);
  }
}
