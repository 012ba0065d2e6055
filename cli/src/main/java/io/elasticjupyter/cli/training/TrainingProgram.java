// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.cli.client.GatewayClient;
import io.elasticjupyter.cli.client.KernelChannels;
import io.elasticjupyter.cli.local.LocalProgram;
import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.Values;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Does once what every start does, for the JVM's AOT cache (JEP 514) to learn from: the program
 * {@code local} as it is, a request, a kernel, its websocket. The kernel is one whose program does
 * not exist, since nothing but a JDK may be counted on here.
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
      Path folder = Files.createTempDirectory("elastic-jupyter-training-");
      Path kernelspec = Files.createDirectories(folder.resolve("kernels").resolve(KERNEL));
      Files.writeString(kernelspec.resolve("kernel.json"), KERNELSPEC);
      use(started(folder, console));
      return 0;
    } catch (IOException failure) {
      throw new ProgramFailure("the training's files cannot be written: " + failure, failure);
    }
  }

  /** Starts the program and answers its first line; it runs until this process ends. */
  private static JsonNode started(Path folder, Console console) throws IOException, ProgramFailure {
    PipedInputStream printed = new PipedInputStream();
    Console program =
        new Console(
            new PrintStream(new PipedOutputStream(printed), true, StandardCharsets.UTF_8),
            console.err(),
            console.environment());
    Map<String, String> options =
        Map.of(
            "--port", "0",
            "--state-dir", folder.resolve("state").toString(),
            "--kernel-path", folder.resolve("kernels").toString());
    Thread.ofPlatform().daemon().name("local").start(() -> runLocal(options, program));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(printed, StandardCharsets.UTF_8));
    String first = lines.readLine();
    if (first == null) {
      throw new ProgramFailure("the gateway ended before it was ready");
    }
    return new JsonMapper().readTree(first);
  }

  private static void runLocal(Map<String, String> options, Console program) {
    LocalProgram local = new LocalProgram();
    try {
      local.run(Values.read(local.groups(), options, program.environment()), List.of(), program);
    } catch (ProgramFailure | Values.Unusable failure) {
      program.say("elastic-jupyter train: " + failure.getMessage());
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    } finally {
      program.out().close();
    }
  }

  private static void use(JsonNode gateway) throws ProgramFailure, InterruptedException {
    try (GatewayClient client =
        new GatewayClient(gateway.path("url").asText(), gateway.path("token").asText())) {
      String kernel = client.startKernel(KERNEL);
      try (KernelChannels channels = client.open(kernel)) {
        channels.awaitDeath(PATIENCE);
      }
      client.delete(kernel);
    }
  }
}
