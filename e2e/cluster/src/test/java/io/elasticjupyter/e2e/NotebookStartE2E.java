// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A notebook that is Ready can start a kernel. JupyterLab asks for one once; where the node does
 * not know the gateway's Service yet, that request hangs for 40 seconds and fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NotebookStartE2E {

  private static final Kubectl KUBECTL = Kubectl.in("notebook-start");

  /** A gateway and its notebook, made at the same moment. */
  private static final String PAIR =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: %1$s}
      spec: {resources: {requests: {cpu: %2$s}}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterNotebook
      metadata: {name: %1$s-lab}
      spec: {gateway: {name: %1$s}, auth: {mode: disable}}
      """;

  private final Cleanup cleanup = new Cleanup();

  @BeforeAll
  void install() {
    Installation.apply();
    KUBECTL.run("create", "namespace", KUBECTL.namespace());
    cleanup.add(() -> KUBECTL.run("delete", "namespace", KUBECTL.namespace(), "--wait=false"));
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void theFirstKernelOfANewNotebookAndItsNewGatewayStarts() {
    KUBECTL.apply(PAIR.formatted("fresh", "10m")).orFail();

    startsAKernelOnceReady("fresh-lab");
  }

  @Test
  void aNotebookWhoseGatewayDoesNotRunSaysSoAndStartsWhenItDoes() {
    KUBECTL.apply(PAIR.formatted("late", "1000")).orFail();

    Awaitility.await("the notebook says what keeps its gateway")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          JsonNode ready = KUBECTL.get("jnb/late-lab").at("/status/conditions/0");
          assertThat(ready.path("status").asText()).isEqualTo("False");
          assertThat(ready.path("reason").asText()).isEqualTo("WaitingForGateway");
          assertThat(ready.path("message").asText())
              .startsWith(
                  "The notebook starts when its gateway answers. JupyterGateway"
                      + " notebook-start/late: It waits for a node: ")
              .contains("Insufficient cpu");
        });

    KUBECTL.apply(PAIR.formatted("late", "10m")).orFail();
    startsAKernelOnceReady("late-lab");
    assertThat(KUBECTL.run("logs", "deploy/late-lab", "-c", "await-gateway"))
        .contains(
            "The gateway http://late.notebook-start:8888 does not answer yet: ",
            "The gateway http://late.notebook-start:8888 answers, after ");
  }

  private static void startsAKernelOnceReady(String notebook) {
    KUBECTL.run("wait", "jnb/" + notebook, "--for=condition=Ready", "--timeout=110s");
    try (PortForward port = PortForward.to(KUBECTL, "deploy/" + notebook, 8888)) {
      Rest lab = new Rest(port.url(), "");
      String kernel = lab.startKernel("python3");
      assertThat(lab.delete("/api/kernels/" + kernel).status()).isEqualTo(204);
    }
  }
}
