// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the project is for: two users, one GPU. The kernel of the one who thinks gives it to the
 * kernel of the one who waits and keeps its variables, and gets it back in turn, while both have
 * their notebooks open.
 */
final class GpuHandoverE2E {

  private static final Kubectl KUBECTL = Kubectl.in("one-gpu");
  private static final String ONE_GPU =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: one-gpu}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway, namespace: one-gpu}
      spec: {cullIdleTimeout: 20, cullInterval: 1, kernels: [gpu]}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: gpu, namespace: one-gpu}
      spec:
        language: python
        displayName: Python with a GPU
        image: localhost/elastic-jupyter-kernel-python:dev
        template: {name: gpu}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelTemplate
      metadata: {name: gpu, namespace: one-gpu}
      spec:
        template:
          spec:
            containers:
              - name: kernel
                resources: {limits: {nvidia.com/gpu: 1}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterNotebook
      metadata: {name: ada, namespace: one-gpu}
      spec: {gateway: {name: gateway}, auth: {mode: disable}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterNotebook
      metadata: {name: ben, namespace: one-gpu}
      spec: {gateway: {name: gateway}, auth: {mode: disable}}
      """;

  /** A user at their own screen. */
  private record User(Browser browser, NotebookServer server, Path directory) {

    LabNotebook open(String name, String... cells) {
      server.save(directory, name, "gpu", cells);
      return LabNotebook.openWaiting(browser, server.rest().base(), name);
    }

    String podOf(String notebook) {
      return "pod/jovyan-" + server.kernelOf(notebook);
    }
  }

  private final Cleanup cleanup = new Cleanup();

  @BeforeEach
  void offerOneGpu() {
    Installation.apply();
    cleanup.add(() -> KUBECTL.run("delete", "namespace", "one-gpu"));
    KUBECTL.apply(ONE_GPU).orFail();
    Gpus.offer(KUBECTL, 1);
    cleanup.add(() -> Gpus.offer(KUBECTL, 0));
    for (String resource : new String[] {"jgw/gateway", "jnb/ada", "jnb/ben"}) {
      KUBECTL.run("wait", resource, "--for=condition=Ready", "--timeout=110s");
    }
  }

  @AfterEach
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void theWaitingKernelStartsWhenTheIdleOneSleeps(@TempDir Path directory) throws Exception {
    User ada = user("ada", directory);
    // A kernel that waits for an answer is busy, so this lasts as long as the test wants.
    LabNotebook first =
        ada.open(
            "first.ipynb",
            "model = {'weights': [1, 2]}; best = model['weights']; told = input('How long? '); print('done', told)",
            "best.append(3); print(model, told, Out)");
    first.run(0);
    first.below(0, ".jp-Stdin-input");
    String firstPod = ada.podOf("first.ipynb");
    assertThat(phase(firstPod)).isEqualTo("Running");

    User ben = user("ben", directory);
    LabNotebook second = ben.open("second.ipynb", "print('my turn')");
    second.run(0);
    String secondPod = ben.podOf("second.ipynb");
    Awaitility.await("the second kernel says what it waits for")
        .atMost(LabNotebook.PATIENCE)
        .untilAsserted(() -> assertThat(messageOf(secondPod)).contains("nvidia.com/gpu"));
    second.awaitOutput(0, "nvidia.com/gpu");
    second.screenshot("second-user-waits");

    first.answer(0, "long enough");
    first.awaitOutput(0, "done long enough");
    second.awaitDone(0);
    second.awaitOutput(0, "my turn");
    second.screenshot("second-user-has-the-gpu");
    assertThat(phase(firstPod)).as("the first kernel's Pod").isEmpty();
    assertThat(phase(secondPod)).isEqualTo("Running");
    first.awaitOutput(0, "The kernel hibernates");
    first.screenshot("first-user-after-the-idle-time");

    first.run(1);
    first.awaitOutput(1, "nvidia.com/gpu");
    first.screenshot("first-user-waits-for-the-gpu");
    first.awaitDone(1);
    first.awaitOutput(1, "{'weights': [1, 2, 3]} long enough");
    first.awaitOutput(1, "The kernel slept for");
    assertThat(ada.podOf("first.ipynb")).as("the same kernel").isEqualTo(firstPod);
    assertThat(phase(firstPod)).isEqualTo("Running");
    assertThat(phase(secondPod)).as("the second kernel's Pod").isEmpty();
    second.awaitOutput(0, "The kernel hibernates");
    first.screenshot("first-user-has-the-gpu-and-the-variables-again");
  }

  private User user(String name, Path directory) throws Exception {
    Path own = Files.createDirectories(directory.resolve(name));
    PortForward port = cleanup.add(PortForward.to(KUBECTL, "deploy/" + name, 8888));
    return new User(cleanup.add(new Browser(own)), NotebookServer.at(port.url()), own);
  }

  private static String phase(String pod) {
    return KUBECTL.get(pod).at("/status/phase").asText();
  }

  private static String messageOf(String pod) {
    JsonNode kernel = KUBECTL.get(pod.replace("pod/", "jk/"));
    return kernel.at("/status/message").asText();
  }
}
