// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns arguments into the program that was asked for and the texts of its options. Built from the
 * programs' own declarations, without annotations, since reading those would cost a noticeable part
 * of the start.
 */
final class CommandLineReader {

  /** What the arguments ask for. */
  sealed interface Request {
    /** The list of programs, or the help of one. */
    record Help(Optional<Program> program) implements Request {}

    record Version() implements Request {}

    record Run(Program program, Map<String, String> options, List<String> arguments)
        implements Request {}

    /** The arguments make no sense; the message says which and why. */
    record Refused(Optional<Program> program, String message) implements Request {}
  }

  private static final String FURTHER = "further";
  private static final int MOST_MISTAKES = 3;

  private final Map<String, Program> programs = new HashMap<>();
  private final CommandLine commandLine;

  CommandLineReader(List<Program> programs) {
    CommandSpec root = CommandSpec.create().name("elastic-jupyter");
    root.addOption(helpOption())
        .addOption(OptionSpec.builder("-V", "--version").versionHelp(true).build());
    for (Program program : programs) {
      this.programs.put(program.name(), program);
      root.addSubcommand(program.name(), specification(program));
    }
    root.addSubcommand(
        "help",
        words("help")
            .addPositional(
                PositionalParamSpec.builder()
                    .index("0..*")
                    .arity("0..1")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .build()));
    root.addSubcommand("version", words("version"));
    commandLine = new CommandLine(root);
  }

  private static CommandSpec words(String name) {
    return CommandSpec.create().name(name).addOption(helpOption());
  }

  private static OptionSpec helpOption() {
    return OptionSpec.builder("-h", "--help").usageHelp(true).build();
  }

  private static CommandSpec specification(Program program) {
    CommandSpec specification = words(program.name());
    program.groups().stream()
        .flatMap(group -> group.settings().stream())
        .map(CommandLineReader::option)
        .forEach(specification::addOption);
    if (!program.furtherArguments().isEmpty()) {
      specification.addPositional(
          PositionalParamSpec.builder()
              .index("0..*")
              .arity("0..*")
              .type(List.class)
              .auxiliaryTypes(String.class)
              .paramLabel(FURTHER)
              .build());
    }
    return specification;
  }

  private static OptionSpec option(Setting<?> setting) {
    OptionSpec.Builder builder = OptionSpec.builder(setting.option());
    switch (setting.shape()) {
      case Shape.One(String placeholder) ->
          builder.type(String.class).arity("1").paramLabel(placeholder);
      case Shape.Several(String placeholder, _) ->
          builder
              .type(List.class)
              .auxiliaryTypes(String.class)
              .arity("1..*")
              .paramLabel(placeholder);
      case Shape.Flag() -> builder.type(Boolean.class).arity("0..1").fallbackValue("true");
    }
    return builder.build();
  }

  Request read(String... arguments) {
    ParseResult root;
    try {
      root = commandLine.parseArgs(arguments);
    } catch (ParameterException refused) {
      return new Request.Refused(
          Optional.ofNullable(programs.get(refused.getCommandLine().getCommandName())),
          message(refused));
    }
    if (!root.hasSubcommand()) {
      return root.isVersionHelpRequested()
          ? new Request.Version()
          : new Request.Help(Optional.empty());
    }
    ParseResult chosen = root.subcommand();
    String name = chosen.commandSpec().name();
    Optional<Program> program = Optional.ofNullable(programs.get(name));
    if (program.isEmpty()) {
      return name.equals("version") ? new Request.Version() : helpAbout(chosen);
    }
    if (chosen.isUsageHelpRequested()) {
      return new Request.Help(program);
    }
    return new Request.Run(program.get(), options(chosen, program.get()), further(chosen));
  }

  private Request helpAbout(ParseResult help) {
    List<String> words = further(help);
    if (words.isEmpty()) {
      return new Request.Help(Optional.empty());
    }
    Program program = programs.get(words.getFirst());
    return program == null
        ? new Request.Refused(
            Optional.empty(), "there is no program called '" + words.getFirst() + "'")
        : new Request.Help(Optional.of(program));
  }

  private static Map<String, String> options(ParseResult chosen, Program program) {
    Map<String, String> options = new HashMap<>();
    program.groups().stream()
        .flatMap(group -> group.settings().stream())
        .filter(setting -> chosen.hasMatchedOption(setting.option()))
        .forEach(setting -> options.put(setting.option(), text(chosen, setting)));
    return options;
  }

  private static String text(ParseResult chosen, Setting<?> setting) {
    Object value = chosen.matchedOptionValue(setting.option(), "");
    return setting.shape() instanceof Shape.Several(_, String separator)
            && value instanceof List<?> parts
        ? String.join(separator, parts.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }

  private static List<String> further(ParseResult chosen) {
    List<String> words = new ArrayList<>();
    for (PositionalParamSpec positional : chosen.matchedPositionals()) {
      if (positional.getValue() instanceof List<?> values) {
        values.forEach(value -> words.add(String.valueOf(value)));
      }
    }
    return words;
  }

  private static String message(ParameterException refused) {
    if (refused instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst();
      CommandSpec specification = refused.getCommandLine().getCommandSpec();
      if (word.startsWith("-")) {
        return "there is no option '"
            + word
            + "'"
            + nearest(word, specification.optionsMap().keySet());
      }
      return specification.parent() == null
          ? "there is no program called '"
              + word
              + "'"
              + nearest(word, specification.subcommands().keySet())
          : "'" + word + "' is no option, and nothing else is expected here";
    }
    return String.valueOf(refused.getMessage());
  }

  private static String nearest(String word, Set<String> known) {
    String bare = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
    return known.stream()
        .filter(candidate -> distance(bare, candidate) <= MOST_MISTAKES)
        .min(Comparator.comparingInt(candidate -> distance(bare, candidate)))
        .map(candidate -> "; did you mean " + candidate + "?")
        .orElse("");
  }

  /** Letters to insert, leave out, replace or swap with a neighbor. */
  private static int distance(String left, String right) {
    int[][] cost = new int[left.length() + 1][right.length() + 1];
    for (int row = 0; row <= left.length(); row++) {
      for (int column = 0; column <= right.length(); column++) {
        if (row == 0 || column == 0) {
          cost[row][column] = row + column;
          continue;
        }
        int differs = left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1;
        int best = Math.min(cost[row - 1][column], cost[row][column - 1]) + 1;
        best = Math.min(best, cost[row - 1][column - 1] + differs);
        if (row > 1
            && column > 1
            && left.charAt(row - 1) == right.charAt(column - 2)
            && left.charAt(row - 2) == right.charAt(column - 1)) {
          best = Math.min(best, cost[row - 2][column - 2] + 1);
        }
        cost[row][column] = best;
      }
    }
    return cost[left.length()][right.length()];
  }
}
