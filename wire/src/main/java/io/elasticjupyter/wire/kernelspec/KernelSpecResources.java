// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.kernelspec;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files beside a kernel.json that clients show or load. */
public final class KernelSpecResources {

  private KernelSpecResources() {}

  /**
   * What the kernelspec's model lists: {@code kernel.js} and {@code kernel.css} under their names,
   * {@code logo-*} under theirs without the ending. The values are file names.
   */
  public static Map<String, String> list(KernelSpec spec) {
    Map<String, String> resources = new TreeMap<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(spec.directory(), "{logo-*,kernel.js,kernel.css}")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        boolean isLogo = name.startsWith("logo-") && dot > 0;
        resources.merge(isLogo ? name.substring(0, dot) : name, name, KernelSpecResources::first);
      }
    } catch (IOException _) {
      // The folder went away meanwhile; its kernelspec goes with the next listing.
      return Map.of();
    }
    return resources;
  }

  /** Two logos of one stem: the same one each time, whatever order the folder is read in. */
  private static String first(String one, String other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /**
   * The regular file of that name inside the kernelspec's folder, or empty where there is none.
   * Nothing outside is ever answered: no parent folders, no absolute paths, no links that lead out.
   *
   * @param file relative, with slashes, decoded once already; it is not decoded again here
   */
  public static Optional<Path> resolve(KernelSpec spec, String file) {
    if (file.indexOf('\\') >= 0) {
      return Optional.empty();
    }
    for (String step : file.split("/", -1)) {
      // An empty step is also the beginning of an absolute path.
      if (step.isEmpty() || step.equals(".") || step.equals("..")) {
        return Optional.empty();
      }
    }
    try {
      Path root = spec.directory().toRealPath();
      Path real = root.resolve(file).toRealPath();
      return real.startsWith(root) && Files.isRegularFile(real)
          ? Optional.of(real)
          : Optional.empty();
    } catch (IOException | InvalidPathException _) {
      return Optional.empty();
    }
  }
}
