// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.load.WebSocketLink;
import io.elasticjupyter.bench.load.ZeroMqLink;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/** No gateway at all: kernels are started by hand and spoken to over ZeroMQ. */
final class RawKernels implements Running {
  private static final String KEY = "bench-key";

  private final Workbench workbench;
  private final Ports ports = new Ports();
  private final Queue<Process> processes = new ConcurrentLinkedQueue<>();

  RawKernels(Workbench workbench) {
    this.workbench = workbench;
  }

  @Override
  public KernelHandle startKernel(Spec spec) throws IOException {
    List<Integer> chosen = ports.free(5);
    Path file = workbench.work().resolve("raw-" + UUID.randomUUID() + ".json");
    Files.writeString(
        file,
        """
        {"transport": "tcp", "ip": "127.0.0.1", "key": "%s", "signature_scheme": "hmac-sha256",
         "shell_port": %d, "iopub_port": %d, "stdin_port": %d, "control_port": %d, "hb_port": %d}
        """
            .formatted(
                KEY, chosen.get(0), chosen.get(1), chosen.get(2), chosen.get(3), chosen.get(4)));
    Process process =
        new ProcessBuilder(workbench.command(spec, file))
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(
                    workbench.work().resolve("raw-kernels.log").toFile()))
            .start();
    processes.add(process);
    return new Handle(process, chosen.get(0), chosen.get(1));
  }

  private record Handle(Process process, int shellPort, int outputPort) implements KernelHandle {
    @Override
    public KernelLink connect(WebSocketLink.Options options) throws IOException {
      return ZeroMqLink.open(
          options.session(), KEY, InetAddress.getLoopbackAddress(), shellPort, outputPort);
    }

    @Override
    public void stop() {
      process.destroyForcibly();
    }
  }

  @Override
  public Duration readyAfter() {
    return Duration.ZERO;
  }

  @Override
  public Optional<GatewayProcess> process() {
    return Optional.empty();
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
