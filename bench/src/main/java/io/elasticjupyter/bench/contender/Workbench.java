// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where things lie.
 *
 * @param project root of the project
 * @param work folder of this run: kernelspecs, state, logs
 */
public record Workbench(Path project, Path work) {

  /** Python of the environment with jupyter_server, Kernel Gateway and ipykernel. */
  public Path python() {
    return project.resolve(".build/peers/current/bin/python");
  }

  /** Python of the environment with Enterprise Gateway, which needs older libraries. */
  public Path enterprisePython() {
    return project.resolve(".build/peers/enterprise-gateway/bin/python");
  }

  /** A folder as in JUPYTER_PATH, which holds {@code kernels/}. */
  public Path jupyterPath() {
    return work.resolve("jupyter");
  }

  /** The named pipe by which hosted kernels reach their host. */
  public Path hostPipe() {
    return work.resolve("host.pipe");
  }

  /** Command of a kernel, with {@code {connection_file}} to be replaced. */
  public List<String> command(Spec spec) {
    Path kernels = project.resolve("bench/kernels");
    return switch (spec) {
      case INSTANT ->
          List.of(
              python().toString(),
              kernels.resolve("instant_kernel.py").toString(),
              "{connection_file}");
      case IPYKERNEL ->
          List.of(python().toString(), "-m", "ipykernel_launcher", "-f", "{connection_file}");
      case HOSTED ->
          List.of(
              "/bin/sh",
              kernels.resolve("hosted_kernel.sh").toString(),
              hostPipe().toString(),
              "{connection_file}");
    };
  }

  /** Makes the folders and writes the kernelspecs. */
  public void prepare() throws IOException {
    for (Spec spec : Spec.values()) {
      Path directory = jupyterPath().resolve("kernels").resolve(spec.directory());
      Files.createDirectories(directory);
      String command =
          command(spec).stream()
              .map(word -> '"' + word + '"')
              .collect(Collectors.joining(", ", "[", "]"));
      Files.writeString(
          directory.resolve("kernel.json"),
          "{\"argv\": %s, \"display_name\": \"%s\", \"language\": \"python\"}%n"
              .formatted(command, spec.directory()));
    }
  }

  /** The command with the connection file put in. */
  List<String> command(Spec spec, Path connectionFile) {
    List<String> command = new ArrayList<>(command(spec));
    command.replaceAll(word -> word.replace("{connection_file}", connectionFile.toString()));
    return command;
  }
}
