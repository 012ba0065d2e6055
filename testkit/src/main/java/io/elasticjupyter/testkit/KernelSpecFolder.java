// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A folder of kernelspecs in the layout that Jupyter looks for, {@code kernels/NAME/kernel.json},
 * written into a directory of the test.
 */
public final class KernelSpecFolder {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCRIPT = "scripted_kernel.py";

  private final Path directory;

  private KernelSpecFolder(Path directory) {
    this.directory = directory;
  }

  /** A new folder {@code kernels} in {@code directory}. */
  public static KernelSpecFolder in(Path directory) {
    return new KernelSpecFolder(createdDirectory(directory.resolve("kernels")));
  }

  /** The folder whose children are the kernelspecs. */
  public Path path() {
    return directory;
  }

  /** Adds a kernelspec; one of the same name is written over. */
  public KernelSpecFolder add(Spec spec) {
    Path folder = createdDirectory(directory.resolve(spec.name()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("argv", spec.argv());
    json.put("display_name", "Test kernel " + spec.name());
    json.put("language", spec.language());
    json.put("interrupt_mode", spec.interruptMode());
    json.put("env", spec.env());
    json.put("metadata", spec.metadata());
    try {
      Files.write(
          folder.resolve("kernel.json"),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
      for (Map.Entry<String, byte[]> file : spec.files().entrySet()) {
        Files.write(folder.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /**
   * Adds the scripted kernel; the code of its cells is in the language at the end of {@code
   * scripted_kernel.py}.
   *
   * @param flags how it misbehaves, for example {@code --never-answer}
   */
  public KernelSpecFolder scripted(String name, String... flags) {
    return add(scriptedSpec(name, flags));
  }

  /** The scripted kernel, for a test that changes more about it before it adds it. */
  public Spec scriptedSpec(String name, String... flags) {
    Path script = directory.resolve(SCRIPT);
    try (InputStream program =
        Objects.requireNonNull(KernelSpecFolder.class.getResourceAsStream(SCRIPT))) {
      Files.write(script, program.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> argv = new ArrayList<>();
    argv.add(PythonEnvironment.get().python().toString());
    argv.add(script.toString());
    argv.add("-f");
    argv.add("{connection_file}");
    argv.addAll(List.of(flags));
    return Spec.of(name, argv).withLanguage("scripted");
  }

  /** Adds a real ipykernel of the build's Python environment. */
  public KernelSpecFolder ipykernel(String name) {
    return ipykernel(name, Map.of());
  }

  /** The same with an environment of its own. */
  public KernelSpecFolder ipykernel(String name, Map<String, String> env) {
    return add(
        Spec.of(
                name,
                List.of(
                    PythonEnvironment.get().python().toString(),
                    "-m",
                    "ipykernel_launcher",
                    "-f",
                    "{connection_file}"))
            .withLanguage("python")
            .withEnv(env));
  }

  private static Path createdDirectory(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a {@code kernel.json} says.
   *
   * @param name the folder's name
   * @param argv the command
   * @param language the language that it claims
   * @param interruptMode {@code signal} or {@code message}
   * @param env added to the kernel's environment
   * @param metadata as the tools of Jupyter put there
   * @param files what else lies in the folder, such as logos
   */
  public record Spec(
      String name,
      List<String> argv,
      String language,
      String interruptMode,
      Map<String, String> env,
      Map<String, Object> metadata,
      Map<String, byte[]> files) {

    public Spec {
      argv = List.copyOf(argv);
      env = Map.copyOf(env);
      metadata = Map.copyOf(metadata);
      files = Map.copyOf(files);
    }

    /** A kernelspec that is interrupted by signal and sets nothing else. */
    public static Spec of(String name, List<String> argv) {
      return new Spec(name, argv, "none", "signal", Map.of(), Map.of(), Map.of());
    }

    public Spec withLanguage(String value) {
      return new Spec(name, argv, value, interruptMode, env, metadata, files);
    }

    public Spec withInterruptMode(String value) {
      return new Spec(name, argv, language, value, env, metadata, files);
    }

    public Spec withEnv(Map<String, String> value) {
      return new Spec(name, argv, language, interruptMode, value, metadata, files);
    }

    public Spec withMetadata(Map<String, Object> value) {
      return new Spec(name, argv, language, interruptMode, env, value, files);
    }

    public Spec withFiles(Map<String, byte[]> value) {
      return new Spec(name, argv, language, interruptMode, env, metadata, value);
    }
  }
}
