// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.kernelspec;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The folders in which kernelspecs are looked for (jupyter_core, {@code jupyter_path}). */
public final class KernelSpecPath {

  private static final Set<String> OFF = Set.of("", "0", "n", "no", "off", "false");

  private KernelSpecPath() {}

  /**
   * All folders, first one wins: the ones named by hand, {@code JUPYTER_PATH}, then the user's and
   * the Python environment's, then the system's. The environment's come before the user's where
   * jupyter_core would say so: {@code JUPYTER_PREFER_ENV_PATH} is set, or it is a virtual
   * environment ({@code preferEnvironment}) and that variable does not say otherwise.
   *
   * @param explicit folders that hold kernelspec folders, used as they are
   * @param variables the process's environment
   * @param home the user's home folder
   * @param operatingSystem the system property {@code os.name}
   * @param python the Python environment that kernels come from, if there is one
   * @param preferEnvironment whether {@code python} is a virtual environment
   */
  public static List<Path> folders(
      List<Path> explicit,
      Map<String, String> variables,
      Path home,
      String operatingSystem,
      Optional<PythonEnvironment> python,
      boolean preferEnvironment) {
    Set<Path> folders = new LinkedHashSet<>(explicit);
    for (String path : variables.getOrDefault("JUPYTER_PATH", "").split(File.pathSeparator, -1)) {
      if (!path.isEmpty()) {
        folders.add(Path.of(path).resolve("kernels"));
      }
    }
    List<Path> user = new ArrayList<>();
    user.add(userData(variables, home, operatingSystem).resolve("kernels"));
    // site.getuserbase(): where `pip install --user` puts data files.
    String userBase = variables.getOrDefault("PYTHONUSERBASE", "");
    user.add(
        (userBase.isEmpty() ? home.resolve(".local") : Path.of(userBase))
            .resolve("share/jupyter/kernels"));
    Optional<Path> environment = python.map(PythonEnvironment::kernels);
    String preference = variables.get("JUPYTER_PREFER_ENV_PATH");
    boolean environmentFirst =
        preference == null ? preferEnvironment : !OFF.contains(preference.toLowerCase(Locale.ROOT));
    if (environmentFirst) {
      environment.ifPresent(folders::add);
    }
    folders.addAll(user);
    environment.ifPresent(folders::add);
    folders.add(Path.of("/usr/local/share/jupyter/kernels"));
    folders.add(Path.of("/usr/share/jupyter/kernels"));
    return List.copyOf(folders);
  }

  private static Path userData(Map<String, String> variables, Path home, String operatingSystem) {
    String dataDir = variables.getOrDefault("JUPYTER_DATA_DIR", "");
    if (!dataDir.isEmpty()) {
      return Path.of(dataDir);
    }
    if (operatingSystem.startsWith("Mac")) {
      return home.resolve("Library/Jupyter");
    }
    String xdg = variables.getOrDefault("XDG_DATA_HOME", "");
    return (xdg.isEmpty() ? home.resolve(".local/share") : Path.of(xdg)).resolve("jupyter");
  }
}
