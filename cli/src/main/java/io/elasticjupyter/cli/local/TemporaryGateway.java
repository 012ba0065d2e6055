// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.gateway.config.GatewayConfig;
import io.elasticjupyter.gateway.config.KernelEnvironmentConfig;
import io.elasticjupyter.kernels.KernelSettings;
import io.elasticjupyter.kernels.idle.IdleSettings;
import io.elasticjupyter.wire.connection.Transport;
import io.elasticjupyter.wire.kernelspec.PythonEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A gateway that leaves nothing behind: its kernels end with it, its state directory goes. */
public final class TemporaryGateway implements AutoCloseable {

  private static final Duration OFTEN = Duration.ofMillis(500);

  private final RunningGateway gateway;
  private final Path folder;

  private TemporaryGateway(RunningGateway gateway, Path folder) {
    this.gateway = gateway;
    this.folder = folder;
  }

  /** With the kernels of one Python, which hibernate when idle even if somebody is connected. */
  public static TemporaryGateway withIdleLimit(Path python, Duration limit, Console console)
      throws ProgramFailure {
    Optional<PythonEnvironment> interpreter = Optional.of(PythonEnvironment.of(python));
    IdleSettings idle = new IdleSettings(limit, OFTEN, true, false, Duration.ZERO);
    return start(KernelsPlan.folders(List.of(), console, interpreter), interpreter, idle, console);
  }

  private static TemporaryGateway start(
      List<Path> folders, Optional<PythonEnvironment> python, IdleSettings idle, Console console)
      throws ProgramFailure {
    Path folder = newFolder();
    StateDirectory state = StateDirectory.open(folder, Duration.ZERO);
    KernelsPlan plan =
        new KernelsPlan(
            folders,
            python,
            console.environment(),
            Transport.TCP,
            KernelSettings.defaults().withIdle(idle),
            Optional.empty(),
            Optional.empty(),
            true);
    GatewayConfig config = RunningGateway.onLoopback(KernelEnvironmentConfig.defaults(), state);
    return new TemporaryGateway(RunningGateway.start(config, plan, state), folder);
  }

  private static Path newFolder() throws ProgramFailure {
    try {
      return Files.createTempDirectory("elastic-jupyter-");
    } catch (IOException failure) {
      throw new ProgramFailure("no temporary folder can be made: " + failure, failure);
    }
  }

  public String url() {
    return gateway.url();
  }

  public String token() {
    return gateway.token();
  }

  @Override
  public void close() throws ProgramFailure, InterruptedException {
    gateway.close();
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException failure) {
      throw new ProgramFailure(folder + " cannot be removed: " + failure, failure);
    }
  }
}
