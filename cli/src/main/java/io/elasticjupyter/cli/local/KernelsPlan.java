// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.kernels.KernelSettings;
import io.elasticjupyter.kernels.objects.ObjectStoreSettings;
import io.elasticjupyter.wire.connection.Transport;
import io.elasticjupyter.wire.kernelspec.KernelSpecPath;
import io.elasticjupyter.wire.kernelspec.PythonEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kernels of this machine: where their kernelspecs are, how they run, what becomes of them.
 *
 * @param folders folders of kernelspecs, the first has precedence
 * @param python what a kernelspec means by {@code python}
 * @param environment what kernels get of the gateway's own environment
 * @param store where variables of hibernating kernels are kept; empty for the state directory
 * @param criu what keeps whole processes of hibernating kernels; empty where it is not to
 * @param stopAtEnd whether kernels end with the gateway
 */
public record KernelsPlan(
    List<Path> folders,
    Optional<PythonEnvironment> python,
    Map<String, String> environment,
    Transport transport,
    KernelSettings settings,
    Optional<ObjectStoreSettings> store,
    Optional<String> criu,
    boolean stopAtEnd) {

  private static final String ALL = "*";

  public KernelsPlan {
    folders = List.copyOf(folders);
    environment = Map.copyOf(environment);
  }

  /**
   * What the settings say.
   *
   * @param python the interpreter whose kernels are offered
   */
  public static KernelsPlan of(
      Values values, Console console, Optional<Path> python, boolean stopAtEnd)
      throws Values.Unusable {
    Optional<PythonEnvironment> interpreter = python.map(PythonEnvironment::of);
    return new KernelsPlan(
        folders(values.get(KernelOptions.KERNEL_PATH), console, interpreter),
        interpreter,
        inherited(values.get(KernelOptions.INHERITED_ENVS), console.environment()),
        values.get(KernelOptions.KERNEL_TRANSPORT),
        LifeOptions.settings(values),
        StoreOptions.settings(values),
        ProcessImageOptions.criu(values),
        stopAtEnd);
  }

  /** The ordinary folders of this user and system, behind those that are named. */
  static List<Path> folders(
      List<Path> explicit, Console console, Optional<PythonEnvironment> python) {
    boolean virtual =
        python.map(found -> Files.exists(found.prefix().resolve("pyvenv.cfg"))).orElse(false);
    return KernelSpecPath.folders(
        explicit,
        console.environment(),
        console.home(),
        System.getProperty("os.name"),
        python,
        virtual);
  }

  private static Map<String, String> inherited(Set<String> names, Map<String, String> own) {
    Map<String, String> inherited = new HashMap<>(own);
    if (!names.contains(ALL)) {
      inherited.keySet().retainAll(names);
    }
    return inherited;
  }
}
