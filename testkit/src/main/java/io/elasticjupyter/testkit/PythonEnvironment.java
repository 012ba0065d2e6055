// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The Python environment of the build: JupyterLab, ipykernel, the clients and Node.js, all of
 * locked versions. {@link #get()} makes it where it is missing, which takes a minute or two the
 * first time; afterwards it costs a tenth of a second. Several test processes may ask at once.
 */
public final class PythonEnvironment {

  private static final long MINUTES_TO_MAKE_IT = 20;

  private final Path folder;

  private PythonEnvironment(Path folder) {
    this.folder = folder;
  }

  /**
   * The environment, made if it is missing or its lock has changed.
   *
   * @throws IllegalStateException if it cannot be made; standard error says what to install
   */
  public static PythonEnvironment get() {
    return Made.ENVIRONMENT;
  }

  /** The folder of the environment, what Python calls its prefix. */
  public Path folder() {
    return folder;
  }

  /** The Python program. */
  public Path python() {
    return bin("python");
  }

  /**
   * One of the environment's programs, such as {@code jupyter} or {@code node}.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Path bin(String program) {
    Path path = folder.resolve("bin").resolve(program);
    if (!Files.isExecutable(path)) {
      throw new IllegalArgumentException("the Python environment has no program " + path);
    }
    return path;
  }

  /** The folder of its kernelspecs; the one named {@code python3} is an ipykernel. */
  public Path kernelspecs() {
    return folder.resolve("share/jupyter/kernels");
  }

  /** The holder, so that one test process asks once, whichever of its threads comes first. */
  private static final class Made {
    static final PythonEnvironment ENVIRONMENT = make();

    private static PythonEnvironment make() {
      Path root = ProjectRoot.path();
      try {
        Process script =
            new ProcessBuilder(root.resolve("tools/python-environment").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        script.getOutputStream().close();
        String printed =
            new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!script.waitFor(MINUTES_TO_MAKE_IT, TimeUnit.MINUTES) || script.exitValue() != 0) {
          script.destroy();
          throw new IllegalStateException(
              "tools/python-environment failed; what it wrote to standard error says why");
        }
        Path bin = Path.of(printed).getParent();
        if (bin == null || bin.getParent() == null) {
          throw new IllegalStateException("tools/python-environment printed " + printed);
        }
        return new PythonEnvironment(bin.getParent());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot run tools/python-environment", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while the Python environment was made", e);
      }
    }
  }
}
