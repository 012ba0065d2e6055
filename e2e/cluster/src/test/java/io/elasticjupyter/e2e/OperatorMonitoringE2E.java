// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two operators, of which one works; and what each tells about itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OperatorMonitoringE2E {

  private final Cleanup cleanup = new Cleanup();
  private final OperatorInCluster operator = cleanup.add(new OperatorInCluster());
  private Workspace workspace;

  @BeforeAll
  void installTwo() {
    workspace = cleanup.add(Workspace.make("monitoring"));
    operator.awaitRollout();
    operator.scale(2);
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void oneOperatorWorksAndTheOtherTakesOver() {
    List<String> pods = operator.pods();
    assertThat(pods).hasSize(2);
    String first = operator.leader();
    assertThat(pods)
        .contains(first)
        .as("the metric and the lease agree")
        .allSatisfy(pod ->
            assertThat(operator.ask(pod, "/metrics"))
                .contains(
                    "elastic_jupyter_operator_leader " + (pod.equals(first) ? "1.0" : "0.0")));

    operator.kubectl().run("delete", "pod", first, "--wait=false");

    Rest gateway = workspace.gateway();
    String kernel = gateway.startKernel("python3");
    gateway.awaitKernel(kernel, "idle");
    assertThat(operator.leader()).isNotEqualTo(first);
  }

  @Test
  void whatItDidIsCountedAndItSaysThatItIsWell() {
    Rest gateway = workspace.gateway();
    String kernel = gateway.startKernel("python3");
    gateway.awaitKernel(kernel, "idle");

    Awaitility.await("the kernel is counted")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(operator.ask(operator.leader(), "/metrics").lines())
                .anyMatch(line ->
                    line.matches("elastic_jupyter_operator_kernels\\{stage=\"running\"} [1-9].*"))
                .anyMatch(line ->
                    line.matches(
                        "elastic_jupyter_operator_reconciles_total\\{kind=\"JupyterKernel\","
                            + "result=\"success\"} [1-9].*"))
                .anyMatch(line -> line.startsWith("elastic_jupyter_operator_queue{"))
                .anyMatch(line -> line.startsWith("elastic_jupyter_operator_reconcile_seconds_sum"))
                .noneMatch(line -> line.contains(kernel)));
    for (String pod : operator.pods()) {
      assertThat(operator.ask(pod, "/healthz")).isEqualTo("well\n");
      assertThat(operator.ask(pod, "/readyz")).isEqualTo("ready\n");
    }
  }
}
