// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.kernels.log.LogLimits;
import io.elasticjupyter.wire.kernelspec.KernelSpecPath;
import io.elasticjupyter.wire.kernelspec.PythonEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kernels of this machine: where their kernelspecs are, and what becomes of them.
 *
 * @param folders folders of kernelspecs, the first has precedence
 * @param python what a kernelspec means by {@code python}
 * @param output how much output is kept for clients that are away
 * @param stopAtEnd whether kernels end with the gateway
 */
public record KernelsPlan(
    List<Path> folders,
    Optional<PythonEnvironment> python,
    IdlePlan idle,
    LogLimits output,
    boolean stopAtEnd) {

  /**
   * When an idle kernel is stopped.
   *
   * @param timeout zero never stops one
   * @param connected also kernels with clients
   * @param busy also kernels that are busy
   */
  public record IdlePlan(
      Duration timeout,
      Duration interval,
      boolean connected,
      boolean busy,
      Duration minimumRunTime) {

    static IdlePlan of(Values values) {
      return new IdlePlan(
          values.get(IdleSettings.CULL_IDLE_TIMEOUT),
          values.get(IdleSettings.CULL_INTERVAL),
          values.get(IdleSettings.CULL_CONNECTED),
          values.get(IdleSettings.CULL_BUSY),
          values.get(IdleSettings.CULL_MINIMUM_RUN_TIME));
    }

    static IdlePlan never() {
      return new IdlePlan(Duration.ZERO, Duration.ofMinutes(5), false, false, Duration.ZERO);
    }
  }

  public KernelsPlan {
    folders = List.copyOf(folders);
  }

  /**
   * What the settings say.
   *
   * @param python the interpreter whose kernels are offered
   */
  public static KernelsPlan of(
      Values values, Map<String, String> environment, Optional<Path> python, boolean stopAtEnd) {
    Optional<PythonEnvironment> interpreter = python.map(PythonEnvironment::of);
    return new KernelsPlan(
        folders(values.get(KernelSettings.KERNEL_PATH), environment, interpreter),
        interpreter,
        IdlePlan.of(values),
        LogLimits.of(
            Math.max(1, values.get(IdleSettings.OUTPUT_MEMORY_BYTES)),
            values.get(IdleSettings.OUTPUT_DISK_BYTES)),
        stopAtEnd);
  }

  static List<Path> folders(
      List<Path> explicit, Map<String, String> environment, Optional<PythonEnvironment> python) {
    boolean virtual =
        python.map(found -> Files.exists(found.prefix().resolve("pyvenv.cfg"))).orElse(false);
    return KernelSpecPath.folders(
        explicit,
        environment,
        Path.of(System.getProperty("user.home")),
        System.getProperty("os.name"),
        python,
        virtual);
  }
}
