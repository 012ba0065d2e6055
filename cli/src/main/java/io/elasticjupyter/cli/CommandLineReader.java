// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.settings.Setting;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Turns arguments into the program that was asked for and the texts of its options: {@code --option
 * value}, {@code --option=value}, flags, options with several values, and {@code --} before what is
 * passed on. Why this is our own and not a library's: docs/decisions/0006.
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

  /** Ends the reading of a program's arguments. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }

  private static final String HELP = "help";
  private static final String VERSION = "version";
  private static final List<String> HELP_OPTIONS = List.of("--help", "-h");
  private static final List<String> VERSION_OPTIONS = List.of("--version", "-V");
  private static final String END_OF_OPTIONS = "--";

  private final Map<String, Program> programs = new LinkedHashMap<>();

  CommandLineReader(List<Program> programs) {
    programs.forEach(program -> this.programs.put(program.name(), program));
  }

  Request read(String... arguments) {
    Deque<String> words = new ArrayDeque<>(Arrays.asList(arguments));
    if (words.isEmpty() || HELP_OPTIONS.contains(words.peek())) {
      return new Request.Help(Optional.empty());
    }
    String first = words.pop();
    if (first.equals(VERSION) || VERSION_OPTIONS.contains(first)) {
      return new Request.Version();
    }
    if (first.equals(HELP)) {
      return words.isEmpty() || HELP_OPTIONS.contains(words.peek())
          ? new Request.Help(Optional.empty())
          : helpAbout(words.pop());
    }
    Program program = programs.get(first);
    if (program == null) {
      return new Request.Refused(Optional.empty(), unknown(first));
    }
    // Whatever else is written there: who asks for help gets it.
    if (words.stream()
        .takeWhile(word -> !word.equals(END_OF_OPTIONS))
        .anyMatch(HELP_OPTIONS::contains)) {
      return new Request.Help(Optional.of(program));
    }
    try {
      return run(program, words);
    } catch (Refusal refusal) {
      return new Request.Refused(Optional.of(program), String.valueOf(refusal.getMessage()));
    }
  }

  private Request helpAbout(String name) {
    Program program = programs.get(name);
    return program == null
        ? new Request.Refused(Optional.empty(), unknown(name))
        : new Request.Help(Optional.of(program));
  }

  private String unknown(String word) {
    if (word.startsWith("-")) {
      return "there is no option '%s' in front of a program's name".formatted(word);
    }
    Collection<String> known = new TreeSet<>(programs.keySet());
    known.addAll(List.of(HELP, VERSION));
    return "there is no program called '%s'%s".formatted(word, suggestion(known, word));
  }

  private static Request run(Program program, Deque<String> words) throws Refusal {
    Map<String, Setting<?>> settings = new HashMap<>();
    program.groups().stream()
        .flatMap(group -> group.settings().stream())
        .forEach(setting -> settings.put(setting.option(), setting));
    Map<String, String> options = new HashMap<>();
    while (!words.isEmpty()) {
      String word = words.pop();
      if (word.equals(END_OF_OPTIONS)) {
        if (program.furtherArguments().isEmpty()) {
          throw new Refusal("nothing can be passed on behind --");
        }
        return new Request.Run(program, options, List.copyOf(words));
      }
      if (!word.startsWith("-")) {
        throw new Refusal("'%s' is no option, and nothing else is expected here".formatted(word));
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Setting<?> setting = settings.get(name);
      if (setting == null) {
        throw new Refusal(
            "there is no option '%s'%s".formatted(name, suggestion(settings.keySet(), name)));
      }
      Optional<String> attached =
          equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
      take(setting, attached, words, options);
    }
    return new Request.Run(program, options, List.of());
  }

  /** Notes an option's text; values that stand behind it are taken off {@code words}. */
  private static void take(
      Setting<?> setting,
      Optional<String> attached,
      Deque<String> words,
      Map<String, String> options)
      throws Refusal {
    switch (setting.shape().arity()) {
      case FLAG -> options.put(setting.option(), attached.orElse("true"));
      case ONE ->
          options.put(
              setting.option(), attached.isPresent() ? attached.get() : next(setting, words));
      case SEVERAL -> {
        add(setting, attached.isPresent() ? attached.get() : next(setting, words), options);
        while (attached.isEmpty() && !words.isEmpty() && !words.peek().startsWith("-")) {
          add(setting, words.pop(), options);
        }
      }
    }
  }

  private static void add(Setting<?> setting, String text, Map<String, String> options) {
    String separator = setting.shape().separator();
    options.merge(setting.option(), text, (first, second) -> first + separator + second);
  }

  private static String next(Setting<?> setting, Deque<String> words) throws Refusal {
    // A negative number is a value, another option is not.
    if (words.isEmpty() || words.peek().matches("-[^0-9].*")) {
      throw new Refusal(
          "%s needs its value: %s".formatted(setting.option(), setting.shape().placeholder()));
    }
    return words.pop();
  }

  private static String suggestion(Collection<String> known, String typed) {
    return NearestWord.among(known, typed)
        .map(nearest -> "; did you mean " + nearest + "?")
        .orElse("");
  }
}
