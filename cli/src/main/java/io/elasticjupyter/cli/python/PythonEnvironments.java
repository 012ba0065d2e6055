// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.python;

import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.ProgramFailure;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds and makes Python environments for the programs. */
public final class PythonEnvironments {

  /** What an environment is for, and so what must be in it. */
  public enum Purpose {
    /** JupyterLab and a kernel. */
    LAB,
    /** A kernel only. */
    DEMO;

    private String list() {
      return switch (this) {
        case LAB -> "lab";
        case DEMO -> "demo";
      };
    }

    private List<String> modules() {
      return switch (this) {
        case LAB -> List.of("jupyterlab", "ipykernel");
        case DEMO -> List.of("ipykernel");
      };
    }
  }

  private final Path root;
  private final Console console;

  /**
   * Environments for the programs of one checkout.
   *
   * @param root the checkout
   */
  public PythonEnvironments(Path root, Console console) {
    this.root = root;
    this.console = console;
  }

  /**
   * The interpreter to use: the one that was given, if what is needed is installed there, else one
   * of an environment of our own, which is made if need be, with progress on standard error.
   */
  public Path interpreter(Optional<Path> given, Purpose purpose)
      throws ProgramFailure, InterruptedException {
    if (given.isPresent()) {
      check(given.get(), purpose);
      return given.get();
    }
    return make(purpose);
  }

  /** The first {@code python3} or {@code python} on the PATH, as it is found there. */
  public static Optional<Path> onPath(Map<String, String> environment) {
    String path = environment.getOrDefault("PATH", "");
    for (String name : List.of("python3", "python")) {
      for (String folder : path.split(Pattern.quote(File.pathSeparator), -1)) {
        Path candidate = Path.of(folder.isEmpty() ? "." : folder).resolve(name);
        if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
          return Optional.of(candidate.toAbsolutePath().normalize());
        }
      }
    }
    return Optional.empty();
  }

  private static void check(Path interpreter, Purpose purpose)
      throws ProgramFailure, InterruptedException {
    String wanted = String.join(", ", purpose.modules());
    try {
      Process probe =
          new ProcessBuilder(interpreter.toString(), "-c", "import " + wanted)
              .redirectErrorStream(true)
              .start();
      probe.getOutputStream().close();
      String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (probe.waitFor() != 0) {
        throw new ProgramFailure(
            """
            %s cannot import %s: %s
              Install them there (%s -m pip install %s), or leave --python away: an environment is made then.\
            """
                .formatted(
                    interpreter,
                    wanted,
                    said.lines().reduce((first, last) -> last).orElse("it says nothing"),
                    interpreter,
                    String.join(" ", purpose.modules())));
      }
    } catch (IOException failure) {
      throw new ProgramFailure(
          "%s cannot be started: %s".formatted(interpreter, failure.getMessage()), failure);
    }
  }

  private Path make(Purpose purpose) throws ProgramFailure, InterruptedException {
    Path target = cache().resolve("python-" + purpose.list());
    Path tools = root.resolve("tools");
    try {
      Process script =
          new ProcessBuilder(
                  tools.resolve("python-environment").toString(),
                  "--requirements",
                  tools.resolve("python").resolve(purpose.list() + ".lock").toString(),
                  "--target",
                  target.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      script.getOutputStream().close();
      String printed =
          new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (script.waitFor() != 0 || printed.isEmpty()) {
        throw new ProgramFailure(
            "no Python environment could be made in %s; the lines above say why".formatted(target));
      }
      return Path.of(printed);
    } catch (IOException failure) {
      throw new ProgramFailure("tools/python-environment cannot be run: " + failure, failure);
    }
  }

  /** XDG base directory specification, {@code XDG_CACHE_HOME}. */
  private Path cache() {
    String xdg = console.environment().getOrDefault("XDG_CACHE_HOME", "");
    Path base = xdg.startsWith("/") ? Path.of(xdg) : console.home().resolve(".cache");
    return base.resolve("elastic-jupyter");
  }
}
