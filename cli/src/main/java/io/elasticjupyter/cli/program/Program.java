// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.program;

import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.Values;
import java.util.List;

/** One program of the command line. */
public interface Program {

  /** The word that starts it. */
  String name();

  /** One line for the list of programs. */
  String summary();

  /** A few sentences for its own help. */
  String description();

  List<SettingGroup> groups();

  /** What it does with arguments behind {@code --}; empty where it takes none. */
  default String furtherArguments() {
    return "";
  }

  /**
   * Runs until it is done or the process is told to end.
   *
   * @param arguments what stood behind {@code --}
   * @return the exit code
   * @throws ProgramFailure with what a person is to read
   * @throws Values.Unusable where settings do not go together
   */
  int run(Values values, List<String> arguments, Console console)
      throws ProgramFailure, Values.Unusable, InterruptedException;
}
