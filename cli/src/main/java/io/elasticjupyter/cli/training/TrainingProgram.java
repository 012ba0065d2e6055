// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.training;

import io.elasticjupyter.cli.client.GatewayClient;
import io.elasticjupyter.cli.client.KernelChannels;
import io.elasticjupyter.cli.local.TemporaryGateway;
import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Does once what every start does, for the JVM's AOT cache (JEP 514) to learn from: gateway up, a
 * request, a kernel, its websocket, down again. The kernel is one whose program does not exist,
 * since nothing but a JDK may be counted on here.
 */
public final class TrainingProgram implements Program {

  private static final String KERNEL = "training";
  private static final String KERNELSPEC =
      """
      {"argv": ["elastic-jupyter-training", "{connection_file}"], "language": "none"}
      """;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String summary() {
    return "";
  }

  @Override
  public String description() {
    return "Starts a gateway, uses it once, and ends: what the cache for a fast start is made from.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of();
  }

  @Override
  public int run(Values values, List<String> arguments, Console console)
      throws ProgramFailure, InterruptedException {
    try {
      Path kernelspecs = Files.createTempDirectory("elastic-jupyter-training-");
      Path folder = Files.createDirectory(kernelspecs.resolve(KERNEL));
      Path file = Files.writeString(folder.resolve("kernel.json"), KERNELSPEC);
      try (TemporaryGateway gateway = TemporaryGateway.ofKernelspecs(kernelspecs, console);
          GatewayClient client = new GatewayClient(gateway.url(), gateway.token())) {
        String kernel = client.startKernel(KERNEL);
        try (KernelChannels channels = client.open(kernel)) {
          channels.awaitDeath(PATIENCE);
        }
        client.delete(kernel);
      } finally {
        Files.delete(file);
        Files.delete(folder);
        Files.delete(kernelspecs);
      }
    } catch (IOException failure) {
      throw new ProgramFailure("no kernelspec can be written: " + failure, failure);
    }
    return 0;
  }
}
