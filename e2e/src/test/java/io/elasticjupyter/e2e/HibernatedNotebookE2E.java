// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.testkit.KernelSpecFolder;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a data scientist sees who leaves a notebook open over lunch, and runs the next cell: a stock
 * JupyterLab in a browser, a gateway with a short idle limit, one notebook and kernel per test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HibernatedNotebookE2E {

  private static final Pattern PROCESS = Pattern.compile("process (\\d+)");
  private static final String ASLEEP = "The kernel hibernates: its memory is free";

  /** Run before the kernel falls asleep, as the next two. */
  private static final String FRAME =
      """
      import os
      import pandas
      frame = pandas.DataFrame({'number': range(1000)})
      def total(of): return int(of.number.sum())
      total(frame)
      """;

  private static final String FIGURE =
      """
      import matplotlib.pyplot as plt
      figure, axes = plt.subplots(figsize=(3, 2))
      axes.plot([1, 3, 2])
      plt.show()
      """;

  private static final String NUMBER = "x = 41\nprint('process', os.getpid())\nx";

  /** Run afterwards. */
  private static final String ALL_THERE =
      """
      print('process', os.getpid())
      print('total', total(frame), 'x', x, 'Out[1]', Out[1], '_', _, 'In', len(In))
      print('lines', len(axes.lines), 'history', 'frame = pandas' in In[1])
      axes.plot([2, 2, 2])
      figure
      """;

  private final Cleanup cleanup = new Cleanup();
  private Path directory;
  private GatewayProgram gateway;
  private JupyterServer lab;
  private Browser browser;

  @BeforeAll
  void start(@TempDir Path given) {
    directory = given;
    gateway =
        cleanup.add(
            GatewayProgram.start(
                directory,
                KernelSpecFolder.in(directory).ipykernel("python3").path(),
                "--cull-idle-timeout",
                "6",
                "--cull-interval",
                "1"));
    lab = cleanup.add(JupyterServer.startLab(directory, gateway.url(), GatewayProgram.TOKEN));
    browser = cleanup.add(new Browser(directory));
  }

  @AfterAll
  void stop() throws Exception {
    cleanup.close();
  }

  @Test
  void theNextCellFindsEverythingAndNobodyReloads() {
    LabNotebook notebook = open("lunch.ipynb");
    long process = fallAsleep(notebook);
    notebook.screenshot("asleep");

    notebook.runToEnd(3);

    assertAllThere(notebook, process);
    notebook.screenshot("awake");
    notebook.runToEnd(4);
    notebook.awaitOutput(4, "still 41");
    assertThat(notebook.output(4)).as("told once").doesNotContain("woke");
  }

  @Test
  void aGatewayThatIsKilledMeanwhileTakesTheSleepingKernelUp() {
    LabNotebook notebook = open("killed-asleep.ipynb");
    long process = fallAsleep(notebook);

    gateway.kill();
    gateway.startAgain();
    // What is sent before the Jupyter server has connected again does not leave the Jupyter server.
    Awaitility.await("the Jupyter server is back")
        .atMost(LabNotebook.PATIENCE)
        .until(() -> onlyKernel().path("connections").asInt() == 1);
    notebook.screenshot("gateway-back");
    notebook.runToEnd(3);

    assertAllThere(notebook, process);
    notebook.screenshot("awake-after-a-killed-gateway");
  }

  @Test
  void aPageThatIsLoadedAgainDoesNotWakeItAndTheNextCellDoes() {
    LabNotebook notebook = open("next-morning.ipynb");
    long process = fallAsleep(notebook);
    String kernel = onlyKernel().path("id").asText();

    notebook.load(lab.url(), "next-morning.ipynb");
    notebook.screenshot("loaded-again");

    assertThat(gateway.rest().kernel(kernel).has("hibernation")).as("sleeps on").isTrue();
    notebook.runToEnd(3);
    assertAllThere(notebook, process);
  }

  private LabNotebook open(String name) {
    for (JsonNode kernel : gateway.rest().get("/api/kernels").json()) {
      lab.rest().delete("/api/kernels/" + kernel.path("id").asText());
    }
    Notebooks.write(
        JupyterServer.notebooks(directory).resolve(name),
        "python3",
        FRAME,
        FIGURE,
        NUMBER,
        ALL_THERE,
        "print('still', x)");
    return LabNotebook.open(browser, lab.url(), name);
  }

  private JsonNode onlyKernel() {
    JsonNode kernels = gateway.rest().get("/api/kernels").json();
    assertThat(kernels).hasSize(1);
    return kernels.get(0);
  }

  /** Runs the first cells and leaves the notebook alone. Answers the process that is gone then. */
  private static long fallAsleep(LabNotebook notebook) {
    notebook.runToEnd(0);
    notebook.runToEnd(1);
    notebook.below(1, ".jp-RenderedImage img");
    notebook.runToEnd(2);
    long process = process(notebook, 2);

    notebook.awaitOutput(2, ASLEEP);

    Awaitility.await("its process is gone")
        .atMost(LabNotebook.PATIENCE)
        .until(() -> ProcessHandle.of(process).isEmpty());
    assertThat(notebook.dialogs()).isEmpty();
    assertThat(notebook.output(2).lines().filter(line -> line.contains("hibernates")))
        .as("told in one line")
        .hasSize(1);
    return process;
  }

  private static void assertAllThere(LabNotebook notebook, long processBefore) {
    notebook.awaitOutput(3, "The kernel slept for");
    notebook.awaitOutput(3, "total 499500 x 41 Out[1] 499500 _ 41 In 5");
    notebook.awaitOutput(3, "lines 1 history True");
    assertThat(notebook.prompt(3)).as("the count goes on").isEqualTo("[4]:");
    assertThat(notebook.below(3, ".jp-RenderedImage img").getSize().getWidth()).isGreaterThan(100);
    assertThat(process(notebook, 3)).isNotEqualTo(processBefore);
    assertThat(notebook.dialogs()).isEmpty();
    notebook.awaitKernel("idle");
  }

  private static long process(LabNotebook notebook, int cell) {
    notebook.awaitOutput(cell, "process ");
    Matcher said = PROCESS.matcher(notebook.output(cell));
    assertThat(said.find()).isTrue();
    return Long.parseLong(said.group(1));
  }
}
