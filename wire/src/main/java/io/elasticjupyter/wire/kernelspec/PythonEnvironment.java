// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.kernelspec;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Python installation or virtual environment on disk, told from its files; no interpreter is run.
 *
 * @param interpreter the {@code python} to start kernels with, absolute; not resolved, since a
 *     virtual environment's is a link to the one it was made from
 * @param prefix what {@code sys.prefix} is there
 * @param minorVersion N of Python 3.N; empty where the files do not tell
 */
public record PythonEnvironment(Path interpreter, Path prefix, OptionalInt minorVersion) {

  private static final Pattern LIBRARY = Pattern.compile("python3\\.(\\d+)");
  private static final Pattern VERSION_LINE =
      Pattern.compile("(?m)^version(?:_info)?\\s*=\\s*3\\.(\\d+)");

  /** The environment to which {@code <prefix>/bin/python} or the like belongs. */
  public static PythonEnvironment of(Path interpreter) {
    Path absolute = interpreter.toAbsolutePath();
    Path bin = absolute.getParent();
    Path prefix = bin == null || bin.getParent() == null ? absolute : bin.getParent();
    return new PythonEnvironment(absolute, prefix, minorVersion(prefix));
  }

  private static OptionalInt minorVersion(Path prefix) {
    Path marker = prefix.resolve("pyvenv.cfg");
    if (Files.isRegularFile(marker)) {
      try {
        Matcher version = VERSION_LINE.matcher(Files.readString(marker));
        if (version.find()) {
          return OptionalInt.of(Integer.parseInt(version.group(1)));
        }
      } catch (IOException | NumberFormatException _) {
        // The library folder below tells it as well.
      }
    }
    TreeSet<Integer> versions = new TreeSet<>();
    try (DirectoryStream<Path> libraries =
        Files.newDirectoryStream(prefix.resolve("lib"), "python3.*")) {
      for (Path library : libraries) {
        Matcher version = LIBRARY.matcher(library.getFileName().toString());
        if (version.matches()) {
          versions.add(Integer.parseInt(version.group(1)));
        }
      }
    } catch (IOException | NumberFormatException _) {
      return OptionalInt.empty();
    }
    // A system prefix may hold several; which one the interpreter is cannot be told from here.
    return versions.size() == 1 ? OptionalInt.of(versions.first()) : OptionalInt.empty();
  }

  /** The folder in which this environment keeps its kernelspecs. */
  public Path kernels() {
    return prefix.resolve("share").resolve("jupyter").resolve("kernels");
  }

  /** Whether jupyter_client of this environment would take {@code command} for its own Python. */
  boolean isNamed(String command) {
    return command.equals("python")
        || command.equals("python3")
        || (minorVersion.isPresent() && command.equals("python3." + minorVersion.getAsInt()));
  }

  /** The logos that come with ipykernel, if it is installed here. */
  Optional<Path> ipykernelResources() {
    if (minorVersion.isEmpty()) {
      return Optional.empty();
    }
    Path ipykernel =
        prefix
            .resolve("lib")
            .resolve("python3." + minorVersion.getAsInt())
            .resolve("site-packages")
            .resolve("ipykernel");
    return Files.isRegularFile(ipykernel.resolve("kernelspec.py"))
        ? Optional.of(ipykernel.resolve("resources"))
        : Optional.empty();
  }
}
