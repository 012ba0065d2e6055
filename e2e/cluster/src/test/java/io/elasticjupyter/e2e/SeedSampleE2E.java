// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first hour of a new user: installs with one command, applies the sample, forwards a port, and
 * runs cells in a browser. Each kernel has a Pod of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SeedSampleE2E {

  private static final String NOTEBOOK = "jupyternotebook-elastic";
  private static final String GATEWAY = "jupytergateway-elastic";
  private static final Kubectl KUBECTL = Kubectl.in("default");

  private final Cleanup cleanup = new Cleanup();
  private Path directory;
  private Browser browser;
  private NotebookServer server;

  @BeforeAll
  void install(@TempDir Path given) {
    directory = given;
    Installation.apply();
    cleanup.add(() -> KUBECTL.run("delete", "-f", "deploy/samples/seed-elastic.yaml", "--wait"));
    KUBECTL.run("apply", "-f", "deploy/samples/seed-elastic.yaml");
    for (String resource : new String[] {"jgw/" + GATEWAY, "jnb/" + NOTEBOOK}) {
      KUBECTL.run("wait", resource, "--for=condition=Ready", "--timeout=110s");
    }
    PortForward port = cleanup.add(PortForward.to(KUBECTL, "deploy/" + NOTEBOOK, 8888));
    server = NotebookServer.at(port.url());
    browser = cleanup.add(new Browser(directory));
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void cellsPrintPlotAndAskInAPodOfTheKernelsOwn() {
    LabNotebook notebook =
        open(
            "first.ipynb",
            "x = 41\nprint('x is set')",
            "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()",
            "name = input('Your name? ')\nprint('hello', name)",
            "import socket\nprint('runs in', socket.gethostname())");

    notebook.runToEnd(0);
    notebook.awaitOutput(0, "x is set");
    notebook.runToEnd(1);
    assertThat(notebook.below(1, ".jp-RenderedImage img").getSize().getWidth()).isGreaterThan(100);
    notebook.run(2);
    notebook.answer(2, "Ada");
    notebook.awaitDone(2);
    notebook.awaitOutput(2, "hello Ada");
    notebook.runToEnd(3);
    String pod = "jovyan-" + server.kernelOf("first.ipynb");
    notebook.awaitOutput(3, "runs in " + pod);
    notebook.screenshot("seed-sample");

    assertThat(KUBECTL.get("pod/" + pod).at("/status/phase").asText()).isEqualTo("Running");
    assertThat(runningPods(GATEWAY)).isEqualTo(1);
    assertThat(runningPods(NOTEBOOK)).isEqualTo(1);
  }

  @Test
  void aRestartedKernelIsNewAndADeletedOneLeavesNoPod() {
    LabNotebook notebook = open("restart.ipynb", "x = 41", "print('x + 1 =', x + 1)");
    notebook.runToEnd(0);
    notebook.runToEnd(1);
    notebook.awaitOutput(1, "x + 1 = 42");
    String kernel = server.kernelOf("restart.ipynb");

    notebook.restartKernel();
    notebook.awaitKernel("idle");
    notebook.runToEnd(1);
    notebook.awaitOutput(1, "NameError");
    assertThat(server.kernelOf("restart.ipynb")).isEqualTo(kernel);

    assertThat(server.rest().delete("/api/kernels/" + kernel).status()).isEqualTo(204);
    Awaitility.await("the kernel's Pod and resource are gone")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          assertThat(KUBECTL.get("jk/jovyan-" + kernel).isMissingNode()).isTrue();
          assertThat(KUBECTL.get("pod/jovyan-" + kernel).isMissingNode()).isTrue();
          assertThat(KUBECTL.get("secret/jovyan-" + kernel + "-connection").isMissingNode())
              .isTrue();
        });
  }

  private static long runningPods(String deployment) {
    JsonNode pods = KUBECTL.list("pods");
    return StreamSupport.stream(pods.spliterator(), false)
        .filter(pod -> pod.at("/metadata/name").asText().startsWith(deployment + "-"))
        .filter(pod -> pod.at("/status/phase").asText().equals("Running"))
        .count();
  }

  private LabNotebook open(String name, String... cells) {
    server.save(directory, name, "python3", cells);
    return LabNotebook.open(browser, server.rest().base(), name);
  }
}
