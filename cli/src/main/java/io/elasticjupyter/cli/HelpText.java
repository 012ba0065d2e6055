// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.SettingGroup;
import java.util.List;

/** What {@code --help} prints. */
final class HelpText {

  private static final int WIDTH = 96;

  private HelpText() {}

  static String programs(List<Program> programs) {
    StringBuilder text = new StringBuilder();
    text.append("Jupyter kernels apart from their notebooks: a gateway that loses nothing.\n\n");
    text.append("Usage: ./elastic-jupyter PROGRAM [OPTION...]\n\nPrograms\n");
    for (Program program : programs) {
      text.append("  %-9s %s%n".formatted(program.name(), program.summary()));
    }
    text.append(
        "  %-9s %s%n"
            .formatted("help", "What a program does and every option of it: help PROGRAM."));
    text.append("  %-9s %s%n".formatted("version", "Which version this is."));
    text.append(
        "\nEach option can also be set by an environment variable; PROGRAM --help names it.\n");
    return text.toString();
  }

  static String program(Program program) {
    StringBuilder text = new StringBuilder();
    String rest = program.furtherArguments().isEmpty() ? "" : " [-- ARGUMENT...]";
    text.append("Usage: ./elastic-jupyter %s [OPTION...]%s%n%n".formatted(program.name(), rest));
    wrap(text, "", program.description());
    if (!program.furtherArguments().isEmpty()) {
      text.append('\n');
      wrap(text, "", program.furtherArguments());
    }
    for (SettingGroup group : program.groups()) {
      text.append("\n%s%n".formatted(group.heading()));
      for (Setting<?> setting : group.settings()) {
        text.append("  %s%n".formatted(setting.synopsis()));
        wrap(text, "      ", setting.explanation());
        wrap(text, "      ", origins(setting));
      }
    }
    return text.toString();
  }

  private static String origins(Setting<?> setting) {
    String fallback = setting.fallback().isEmpty() ? "none" : setting.fallback();
    String names = String.join(", ", setting.names());
    return names.isEmpty()
        ? "Default: %s.".formatted(readable(fallback))
        : "Environment: %s. Default: %s.".formatted(names, readable(fallback));
  }

  private static void wrap(StringBuilder text, String indent, String words) {
    StringBuilder line = new StringBuilder(indent);
    for (String word : words.split("\\s+", -1)) {
      if (line.length() > indent.length() && line.length() + 1 + word.length() > WIDTH) {
        text.append(line).append('\n');
        line = new StringBuilder(indent);
      }
      if (line.length() > indent.length()) {
        line.append(' ');
      }
      line.append(word);
    }
    text.append(line).append('\n');
  }

  /** A point that is a folder is not the end of a sentence. */
  private static String readable(String fallback) {
    return fallback.matches("\\W+") ? "'" + fallback + "'" : fallback;
  }
}
