// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.bench.contender.Contender;
import io.elasticjupyter.bench.report.Page;
import io.elasticjupyter.bench.report.Report;
import io.elasticjupyter.bench.row.Rounds;
import io.elasticjupyter.bench.row.Row;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program: asks every row of every contender in a cluster, and prints the tables. */
@Command(
    name = "bench/cluster",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures our gateway and operator beside Enterprise Gateway and Pods made by hand, in one"
          + " cluster, in turns.",
      "Without --kubeconfig it brings up the cluster of the tests and takes it down again. Another"
          + " one must have the images and the operator, and this machine must reach its Services"
          + " and Pods."
    })
public final class ClusterBench implements Callable<Integer> {
  private static final List<Contender> CONTENDERS =
      List.of(Contender.RAW, Contender.OURS, Contender.ENTERPRISE_GATEWAY);
  private static final List<Row<ClusterStage>> ROWS =
      List.of(
          new WeightRow(),
          new FirstCellRow(),
          new HandoverRow(),
          new EightAtOnceRow(),
          new ManyAtOnceRow());

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "ROW",
      description =
          "Only these: weight, first-cell, handover, eight-at-once, many-at-once. Default: all.")
  private @Nullable List<String> rows;

  @Option(
      names = "--contenders",
      split = ",",
      paramLabel = "NAME",
      description = "Only these: raw, ours, eg. Default: all.")
  private @Nullable List<String> contenders;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Rounds for each row. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Measure on that cluster.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write the tables between the marks of this Markdown file as well.")
  private @Nullable Path output;

  @Option(names = "--project", hidden = true, required = true)
  private @Nullable Path project;

  private final PrintStream out = new PrintStream(System.out, true, UTF_8);

  private ClusterBench() {}

  /** Runs the program and ends with 0 when all was measured, 1 when a contender failed. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ClusterBench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Path root = project == null ? Path.of("") : project;
    List<Report.Section> sections = new ArrayList<>();
    try (KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(
                    kubeconfig == null
                        ? Config.autoConfigure(null)
                        : Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
        ClusterStage stage = new ClusterStage(client, root)) {
      Rounds measured =
          new Rounds(
              rounds,
              CONTENDERS.stream()
                  .filter(one -> contenders == null || contenders.contains(one.key()))
                  .toList(),
              out);
      for (Row<ClusterStage> row : ROWS) {
        if (rows == null || rows.contains(row.key())) {
          Report.Section section = measured.of(row, stage);
          sections.add(section);
          out.println();
          out.println(Report.section(section));
        }
      }
    }
    out.println(Report.verdicts(sections));
    if (output != null) {
      Page.write(output, "bench/cluster", document(sections));
      out.printf("written to %s%n", output);
    }
    boolean failed = sections.stream().anyMatch(section -> !section.figures().failures().isEmpty());
    return failed ? 1 : 0;
  }

  private String document(List<Report.Section> sections) {
    StringBuilder text = new StringBuilder();
    text.append(
        "Measured on %s with `bench/cluster --rounds=%d` on the tests' cluster of one node with %d cores, shared with other work.%n%n"
            .formatted(
                LocalDate.now(ZoneOffset.UTC), rounds, Runtime.getRuntime().availableProcessors()));
    text.append(Report.verdicts(sections));
    for (Report.Section section : sections) {
      text.append('\n').append(Report.section(section));
    }
    return text.toString();
  }
}
