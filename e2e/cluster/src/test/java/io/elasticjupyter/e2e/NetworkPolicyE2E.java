// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Who reaches kernels and their gateway over the network. Needs a cluster whose network holds
 * NetworkPolicies, as that of the build does. Each refusal stands beside the same connection taken
 * where no policy forbids it, since what nobody can reach proves nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NetworkPolicyE2E {

  private static final List<Integer> KERNEL_PORTS = List.of(52317, 52318, 52319, 52320, 52321);
  private static final int GATEWAY_PORT = 8888;
  private static final String NO_LABELS = "probe=true";
  private static final String NOTEBOOKS_LABELS =
      "app.kubernetes.io/managed-by=elastic-jupyter,app.kubernetes.io/component=notebook";
  private static final Kubectl OTHER = Kubectl.in("policies-other");

  private final Cleanup cleanup = new Cleanup();
  private Workspace workspace;
  private ProbePod neighbor;
  private ProbePod stranger;
  private ProbePod notebookElsewhere;

  @BeforeAll
  void makePods() {
    OTHER.run("create", "namespace", OTHER.namespace());
    cleanup.add(() -> OTHER.run("delete", "namespace", OTHER.namespace(), "--wait=false"));
    workspace = cleanup.add(Workspace.make("policies"));
    neighbor = ProbePod.start(workspace.kubectl(), "neighbor", NO_LABELS);
    stranger = ProbePod.start(OTHER, "stranger", NO_LABELS);
    notebookElsewhere = ProbePod.start(OTHER, "notebook", NOTEBOOKS_LABELS);
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void onlyTheGatewayReachesAKernel() {
    Rest lab = workspace.throughNotebook();
    String kernel = lab.startKernel("python3");
    try (KernelSocket socket = KernelSocket.open(lab, kernel)) {
      assertThat(socket.run("print(6 * 7)")).as("through notebook and gateway").endsWith("42\n");
    }
    String pod = "pod/jovyan-" + kernel;
    String address = workspace.kubectl().get(pod).at("/status/podIP").asText();

    for (ProbePod probe : List.of(neighbor, stranger)) {
      assertThat(KERNEL_PORTS).noneMatch(port -> probe.reaches(address, port));
      assertThat(probe.reaches(neighbor.address(), ProbePod.LISTENS_ON))
          .as("the same port of a Pod that is no kernel")
          .isTrue();
    }

    // The same Pods and ports once no policy means that Pod any more, and when one does again.
    workspace.kubectl().run("label", pod, "kubeflow.tkestack.io/gateway-");
    soon("a Pod without its label is open").until(() -> stranger.reaches(address, 52317));
    assertThat(KERNEL_PORTS).allMatch(port -> neighbor.reaches(address, port));
    workspace.kubectl().run("label", pod, "kubeflow.tkestack.io/gateway=gw");
    soon("it is closed again").until(() -> !stranger.reaches(address, 52317));
  }

  @Test
  void theGatewayIsReachedFromItsNamespaceAndFromNotebooksThatItNames() {
    String address = gatewayAddress();

    assertThat(neighbor.reaches(address, GATEWAY_PORT)).as("of the same namespace").isTrue();
    assertThat(stranger.reaches(address, GATEWAY_PORT)).as("of another").isFalse();
    assertThat(notebookElsewhere.reaches(address, GATEWAY_PORT)).as("not named").isFalse();

    workspace
        .kubectl()
        .run(
            "patch",
            "jgw/gw",
            "--type=merge",
            "--patch={\"spec\": {\"notebookNamespaces\": [\"policies-other\"]}}");
    soon("notebooks of a namespace that it names are let in")
        .until(() -> notebookElsewhere.reaches(gatewayAddress(), GATEWAY_PORT));
    assertThat(stranger.reaches(gatewayAddress(), GATEWAY_PORT)).as("no notebook").isFalse();
  }

  private String gatewayAddress() {
    return workspace.kubectl().get("service/gw").at("/spec/clusterIP").asText();
  }

  private static ConditionFactory soon(String what) {
    return Awaitility.await(what)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500));
  }
}
