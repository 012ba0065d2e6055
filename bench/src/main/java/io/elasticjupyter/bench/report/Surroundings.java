// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.report;

import io.elasticjupyter.bench.contender.Workbench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a reader must know to judge the figures.
 *
 * @param machine cores, processor, memory
 * @param versions of the contenders
 */
public record Surroundings(String machine, String versions) {

  public static Surroundings look(Workbench workbench) throws IOException {
    String memory = firstField(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "");
    String machine =
        "%d cores, %s, %d GB of memory"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                firstField(Path.of("/proc/cpuinfo"), "model name"),
                Math.round(Long.parseLong(memory) / 1e6));
    String ours =
        output(
            List.of("git", "-C", workbench.project().toString(), "rev-parse", "--short", "HEAD"));
    String current =
        packages(
            workbench.python(), "jupyter_server", "jupyter_kernel_gateway", "ipykernel", "pyzmq");
    String enterprise =
        packages(
            workbench.enterprisePython(), "jupyter_enterprise_gateway", "jupyter_server", "pyzmq");
    return new Surroundings(
        machine,
        "ours at commit %s on Java %s; %s; in an environment of its own: %s"
            .formatted(ours, Runtime.version(), current, enterprise));
  }

  private static String firstField(Path file, String name) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }

  private static String packages(Path python, String... names) throws IOException {
    String program =
        "import importlib.metadata as m, sys; print(', '.join(n + ' ' + m.version(n) for n in sys.argv[1:]))";
    return output(
        Stream.concat(Stream.of(python.toString(), "-c", program), Stream.of(names)).toList());
  }

  private static String output(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var reader = process.inputReader()) {
      String line = reader.readLine();
      return line == null ? "unknown" : line.strip();
    }
  }
}
