// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.Values;
import java.util.List;
import java.util.stream.Collectors;

/** Writes docs/run/options.md; unlisted, for those who change a setting. */
final class ReferenceProgram implements Program {

  private final List<Program> described;

  ReferenceProgram(List<Program> described) {
    this.described = List.copyOf(described);
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String summary() {
    return "";
  }

  @Override
  public String description() {
    return "Prints the reference of every option, docs/run/options.md.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of();
  }

  @Override
  public int run(Values values, List<String> arguments, Console console) {
    console.print(page().stripTrailing());
    return 0;
  }

  /** The whole page, in Markdown. */
  String page() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Options

        <!-- Written by `./elastic-jupyter reference > docs/run/options.md`; a test compares. -->

        An option on the command line wins over the environment, the environment over the default. Of several
        environment names the first that is set and not empty counts. Sizes take a suffix (`512K`, `64M`, `2G`),
        times are seconds, lists are joined by commas or given by repeating the option.
        """);
    for (Program program : described) {
      page.append(
          "\n## `./elastic-jupyter %s`\n\n%s\n".formatted(program.name(), program.description()));
      for (SettingGroup group : program.groups()) {
        page.append(
            "\n### %s\n\n| option | environment | default | |\n|---|---|---|---|\n"
                .formatted(group.heading()));
        group.settings().forEach(setting -> page.append(row(setting)));
      }
      if (!program.furtherArguments().isEmpty()) {
        page.append("\n%s\n".formatted(program.furtherArguments()));
      }
    }
    return page.toString();
  }

  private static String row(Setting<?> setting) {
    String names =
        setting.names().stream().map(name -> "`" + name + "`").collect(Collectors.joining(" "));
    String fallback = setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`";
    return "| `%s` | %s | %s | %s |\n"
        .formatted(setting.synopsis(), names, fallback, setting.explanation().replace("|", "\\|"));
  }
}
