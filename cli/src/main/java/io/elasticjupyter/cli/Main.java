// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import io.elasticjupyter.cli.CommandLineReader.Request;
import io.elasticjupyter.cli.logging.Logs;
import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.cli.settings.Values;
import java.util.List;
import java.util.Optional;

/** Reads the command line and runs the program that it names. */
public final class Main {

  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;

  private final List<Program> programs;
  private final Console console;

  Main(List<Program> programs, Console console) {
    this.programs = List.copyOf(programs);
    this.console = console;
  }

  public static void main(String[] arguments) throws InterruptedException {
    Logs.install();
    Console console = new Console(System.out, System.err, System.getenv());
    System.exit(new Main(Programs.all(), console).run(arguments));
  }

  int run(String... arguments) throws InterruptedException {
    Request request = new CommandLineReader(programs).read(arguments);
    // Before the switch on patterns, which the JVM takes some 30 ms to set up at its first use.
    return request instanceof Request.Run run ? run(run) : answer(request);
  }

  private int answer(Request request) throws InterruptedException {
    return switch (request) {
      case Request.Help(Optional<Program> program) -> {
        List<Program> listed = programs.stream().filter(one -> !one.summary().isEmpty()).toList();
        console.print(
            program
                .map(HelpText::program)
                .orElseGet(() -> HelpText.programs(listed))
                .stripTrailing());
        yield 0;
      }
      case Request.Version() -> {
        console.print("elastic-jupyter " + Version.text());
        yield 0;
      }
      case Request.Refused(Optional<Program> program, String message) -> {
        refuse(program, List.of(message));
        yield WRONG_USE;
      }
      case Request.Run run -> run(run);
    };
  }

  private int run(Request.Run run) throws InterruptedException {
    try {
      Values values = Values.read(run.program().groups(), run.options(), console.environment());
      return run.program().run(values, run.arguments(), console);
    } catch (Values.Unusable unusable) {
      refuse(Optional.of(run.program()), unusable.problems());
      return WRONG_USE;
    } catch (ProgramFailure failure) {
      console.say("elastic-jupyter %s: %s".formatted(run.program().name(), failure.getMessage()));
      return FAILED;
    }
  }

  private void refuse(Optional<Program> program, List<String> problems) {
    String who = "elastic-jupyter" + program.map(one -> " " + one.name()).orElse("");
    problems.forEach(problem -> console.say(who + ": " + problem));
    console.say("Try ./%s --help".formatted(who));
  }
}
