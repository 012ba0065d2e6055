// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.contender.Stage;
import io.elasticjupyter.bench.contender.Workbench;
import io.elasticjupyter.bench.report.Page;
import io.elasticjupyter.bench.report.Report;
import io.elasticjupyter.bench.report.Surroundings;
import io.elasticjupyter.bench.row.FirstExecuteRow;
import io.elasticjupyter.bench.row.FloodRow;
import io.elasticjupyter.bench.row.ManyKernelsRow;
import io.elasticjupyter.bench.row.NeverReadsRow;
import io.elasticjupyter.bench.row.PrintsRow;
import io.elasticjupyter.bench.row.ReadyRow;
import io.elasticjupyter.bench.row.ReconnectRow;
import io.elasticjupyter.bench.row.RoundTripRow;
import io.elasticjupyter.bench.row.Rounds;
import io.elasticjupyter.bench.row.Row;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program: asks every row of every contender, round by round, and writes the tables. */
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures our gateway beside jupyter_server, Kernel Gateway and Enterprise Gateway from PyPI, and"
          + " raw ZeroMQ as the limit.",
      "Contenders take turns inside each round, so that a busy neighbor on the machine hits all of"
          + " them; the tables show medians over the rounds and the spread."
    })
public final class Bench implements Callable<Integer> {
  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "ROW",
      description =
          "Only these: flood, prints, round-trip, large, first-execute, ready, many, never-reads,"
              + " reconnect. Default: all.")
  private @Nullable List<String> rows;

  @Option(
      names = "--contenders",
      split = ",",
      paramLabel = "NAME",
      description = "Only these: raw, ours, ours-legacy, js, js-limited, kg, eg. Default: all.")
  private @Nullable List<String> contenders;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Rounds for each row. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--quick", description = "One round and 100 kernels instead of 1,000.")
  private boolean quick;

  @Option(
      names = "--kernels",
      defaultValue = "1000",
      description = "Most kernels in the row 'many' for ours and raw. Default: ${DEFAULT-VALUE}.")
  private int kernels;

  @Option(
      names = "--peer-kernels",
      defaultValue = "100",
      description = "Most kernels in the row 'many' for a peer. Default: ${DEFAULT-VALUE}.")
  private int peerKernels;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Write the tables between the marks of this Markdown file. Default: docs/performance.md"
              + " when everything is measured, else nowhere.")
  private @Nullable Path output;

  @Option(names = "--project", hidden = true, required = true)
  private @Nullable Path project;

  private final PrintStream out = new PrintStream(System.out, true, UTF_8);

  private Bench() {}

  /** Runs the program and ends with 0 when all was measured, 1 when a contender failed. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Path root = project == null ? Path.of("") : project;
    Path runs = Files.createDirectories(root.resolve(".build/bench"));
    Workbench workbench = new Workbench(root, Files.createTempDirectory(runs, "run-"));
    workbench.prepare();
    boolean whole = rows == null && contenders == null && !quick;
    Path target = output == null && whole ? root.resolve("docs/performance.md") : output;
    out.printf("logs and state of this run: %s%n%n", workbench.work());

    List<Report.Section> sections = new ArrayList<>();
    Rounds measured = new Rounds(quick ? 1 : rounds, chosenContenders(), out);
    for (Row<Stage> row : chosenRows()) {
      // A stage for each row: a gateway that one row has filled is not taken into the next.
      try (Stage stage = new Stage(workbench)) {
        Report.Section section = measured.of(row, stage);
        sections.add(section);
        out.println();
        out.println(Report.section(section));
      }
    }
    out.println(Report.verdicts(sections));
    if (target != null) {
      Page.write(target, "bench/run", document(sections, Surroundings.look(workbench)));
      out.printf("written to %s%n", target);
    }
    boolean failed = sections.stream().anyMatch(section -> !section.figures().failures().isEmpty());
    return failed ? 1 : 0;
  }

  private List<Row<Stage>> chosenRows() {
    List<Row<Stage>> all =
        List.of(
            FloodRow.small(),
            new PrintsRow(),
            new RoundTripRow(),
            FloodRow.large(),
            new FirstExecuteRow(),
            new ReadyRow(),
            new ManyKernelsRow(quick ? Math.min(kernels, 100) : kernels, peerKernels),
            new NeverReadsRow(),
            new ReconnectRow());
    List<String> wanted = rows;
    if (wanted == null) {
      return all;
    }
    for (String key : wanted) {
      if (all.stream().noneMatch(row -> row.key().equals(key))) {
        throw new IllegalArgumentException("no such row: " + key);
      }
    }
    return all.stream().filter(row -> wanted.contains(row.key())).toList();
  }

  private List<Contender> chosenContenders() {
    List<String> wanted = contenders;
    if (wanted == null) {
      return List.of(Contender.values());
    }
    return Arrays.stream(Contender.values()).filter(one -> wanted.contains(one.key())).toList();
  }

  private static String document(List<Report.Section> sections, Surroundings surroundings) {
    StringBuilder text = new StringBuilder();
    text.append("Measured on ").append(LocalDate.now(ZoneOffset.UTC)).append(" on a machine with ");
    text.append(surroundings.machine());
    text.append(
        ", shared with other work: read the ratios; absolute figures vary with who else is busy.\n\n");
    text.append("Versions: ").append(surroundings.versions()).append(".\n\n");
    text.append("## Goals\n\n").append(Report.verdicts(sections)).append('\n');
    text.append("## Figures\n\n");
    text.append(
        "Medians, in brackets the lowest and the highest; n× is the ratio to raw ZeroMQ.\n");
    for (Report.Section section : sections) {
      text.append('\n').append(Report.section(section));
    }
    return text.toString();
  }
}
