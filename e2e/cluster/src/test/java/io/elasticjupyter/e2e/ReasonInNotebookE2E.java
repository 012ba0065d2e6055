// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Where a user of JupyterLab reads why the kernel was lost, and goes on with a new one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReasonInNotebookE2E {

  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: small}
      spec:
        language: python
        image: localhost/elastic-jupyter-kernel-python:dev
        resources: {limits: {memory: 200Mi}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterNotebook
      metadata: {name: notebook}
      spec: {gateway: {name: gateway}, auth: {mode: disable}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      """;

  private final Cleanup cleanup = new Cleanup();
  private Path directory;
  private Browser browser;
  private NotebookServer server;

  @BeforeAll
  void start(@TempDir Path given) {
    directory = given;
    ClusterGateway gateway = cleanup.add(ClusterGateway.start("reason-in-notebook", SETTING));
    gateway.kubectl().run("wait", "jnb/notebook", "--for=condition=Ready", "--timeout=110s");
    PortForward port = cleanup.add(PortForward.to(gateway.kubectl(), "deploy/notebook", 8888));
    server = NotebookServer.at(port.url());
    browser = cleanup.add(new Browser(directory));
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void aCellThatTookTooMuchMemorySaysSoAndTheNextOneRuns() {
    server.save(
        directory, "memory.ipynb", "small", "much = bytearray(1000_000_000)", "print(6 * 7)");
    LabNotebook notebook = LabNotebook.open(browser, server.rest().base(), "memory.ipynb");

    notebook.run(0);

    notebook.awaitOutput(0, "The kernel used more memory than its limit of 200Mi allows");
    // JupyterLab's own words, which know no reason.
    notebook.confirm();
    notebook.runToEnd(1);
    notebook.awaitOutput(1, "42");
    notebook.screenshot("out-of-memory");
  }
}
