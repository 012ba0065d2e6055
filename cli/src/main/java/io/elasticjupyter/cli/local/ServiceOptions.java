// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.logging.Logs.Verbosity;
import io.elasticjupyter.cli.settings.BadValue;
import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The gateway as a process: what it keeps, what it leaves behind, what it says. */
public final class ServiceOptions {

  public static final Setting<Optional<Path>> STATE_DIR =
      Setting.of(
              "--state-dir",
              Shape.one("DIR"),
              "",
              ValueReaders::optionalPath,
              "Where kernels, sessions, output and the token are kept over a restart, for one"
                  + " gateway at a time. Unset, a folder of the program's own in"
                  + " $XDG_STATE_HOME/elastic-jupyter or ~/.local/state/elastic-jupyter.")
          .alsoNamed("EG_PERSISTENCE_ROOT", "KG_PERSISTENCE_ROOT");

  public static final Setting<Boolean> STOP_KERNELS =
      Setting.of(
          "--stop-kernels",
          Shape.flag(),
          "false",
          ValueReaders::flag,
          "End all kernels when the gateway is stopped. Without it they run on, and a gateway that"
              + " is started with the same state directory takes them up again.");

  public static final Setting<Verbosity> LOG_LEVEL =
      Setting.of(
          "--log-level",
          Shape.one("LEVEL"),
          "INFO",
          ServiceOptions::verbosity,
          "DEBUG, INFO, WARNING or ERROR. Logs go to standard error.");

  public static final Setting<Optional<Path>> PYTHON =
      Setting.of(
          "--python",
          Shape.one("FILE"),
          "",
          ValueReaders::optionalPath,
          "The python whose kernels are offered, and which a kernelspec means by 'python'. Unset,"
              + " the python3 that is found first on the PATH.");

  static final SettingGroup GROUP =
      new SettingGroup("The gateway itself", List.of(STATE_DIR, STOP_KERNELS, PYTHON, LOG_LEVEL));

  /** The same for a gateway that starts no processes. */
  public static final SettingGroup OF_SERVICES =
      new SettingGroup("The gateway itself", List.of(STATE_DIR, LOG_LEVEL));

  private ServiceOptions() {}

  private static Verbosity verbosity(String text) throws BadValue {
    // The numbers are those of Python's logging, which Enterprise Gateway's scripts use.
    return switch (text.strip().toUpperCase(Locale.ROOT)) {
      case "DEBUG", "TRACE", "10" -> Verbosity.DEBUG;
      case "INFO", "20" -> Verbosity.INFO;
      case "WARNING", "WARN", "30" -> Verbosity.WARNING;
      case "ERROR", "CRITICAL", "40", "50" -> Verbosity.ERROR;
      default -> throw new BadValue("but must be DEBUG, INFO, WARNING or ERROR");
    };
  }
}
