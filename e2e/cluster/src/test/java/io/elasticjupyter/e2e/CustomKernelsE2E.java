// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user of before, in a browser: the sample with Enterprise Gateway's images and launcher, whose
 * kernels are let go after ten idle seconds.
 */
final class CustomKernelsE2E {

  private static final Kubectl KUBECTL = Kubectl.in("default");
  private static final String SAMPLE = "deploy/samples/custom-kernels.yaml";

  private final Cleanup cleanup = new Cleanup();

  @BeforeEach
  void install() {
    Installation.apply();
    cleanup.add(() -> KUBECTL.run("delete", "-f", SAMPLE, "--wait"));
    KUBECTL.run("apply", "-f", SAMPLE);
    KUBECTL.run("wait", "jnb/notebook-custom", "--for=condition=Ready", "--timeout=110s");
  }

  @AfterEach
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void anIdleKernelsPodGoesAndTheNextCellHasAnotherWithTheVariables(@TempDir Path directory)
      throws Exception {
    PortForward port = cleanup.add(PortForward.to(KUBECTL, "deploy/notebook-custom", 8888));
    NotebookServer server = NotebookServer.at(port.url());
    Browser browser = cleanup.add(new Browser(directory));
    server.save(
        directory,
        "custom.ipynb",
        "python-kubernetes",
        "import socket; rows = [1]; same = rows; print('runs in', socket.gethostname())",
        "from IPython.display import SVG\nSVG('<svg width=\"200\" height=\"50\"><circle r=\"20\" cx=\"30\" cy=\"25\"/></svg>')",
        "name = input('Your name? ')\nprint('hello', name)",
        "same.append(2); print(rows, name)");
    LabNotebook notebook = LabNotebook.open(browser, server.rest().base(), "custom.ipynb");

    notebook.runToEnd(0);
    String pod = "jovyan-" + server.kernelOf("custom.ipynb");
    notebook.awaitOutput(0, "runs in " + pod);
    String first = uid(pod);
    notebook.runToEnd(1);
    assertThat(notebook.below(1, ".jp-RenderedSVG").getSize().getWidth()).isGreaterThan(100);
    notebook.run(2);
    notebook.answer(2, "Ada");
    notebook.awaitDone(2);
    notebook.awaitOutput(2, "hello Ada");

    Awaitility.await("the idle kernel's Pod is gone")
        .atMost(Duration.ofSeconds(90))
        .until(() -> KUBECTL.get("pod/" + pod).isMissingNode());
    notebook.awaitOutput(2, "The kernel hibernates");
    notebook.screenshot("custom-kernel-asleep");

    notebook.run(3);
    notebook.awaitDone(3);
    notebook.awaitOutput(3, "[1, 2] Ada");
    notebook.awaitOutput(3, "The kernel slept for");
    notebook.screenshot("custom-kernel-awake-again");
    assertThat(uid(pod)).isNotEmpty().isNotEqualTo(first);
  }

  private static String uid(String pod) {
    return KUBECTL.get("pod/" + pod).at("/metadata/uid").asText();
  }
}
