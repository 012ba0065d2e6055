// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may write kernels and no Pods, as a gateway, gets no Pod of its own making either. */
final class GatewayRightsE2E {

  private static final Kubectl KUBECTL = Kubectl.in("gateway-rights");
  private static final String GATEWAY = "--as=system:serviceaccount:gateway-rights:gateway";
  private static final String WHOLE_POD =
      """
      {"apiVersion": "kubeflow.tkestack.io/v1alpha1", "kind": "JupyterKernel",
       "metadata": {"name": "whole-pod"}, "spec": {"operatingMode": "Stopped", "template":
         {"spec": {"containers": [{"name": "any", "image": "any"}]}}}}\
      """;

  @BeforeAll
  static void install() {
    Installation.apply();
    KUBECTL.run("create", "namespace", KUBECTL.namespace());
    KUBECTL.run("create", "serviceaccount", "gateway");
    KUBECTL.run(
        "create",
        "role",
        "gateway",
        "--verb=get,list,watch,create,update,patch,delete",
        "--resource=jupyterkernels.kubeflow.tkestack.io");
    KUBECTL.run(
        "create",
        "rolebinding",
        "gateway",
        "--role=gateway",
        "--serviceaccount=gateway-rights:gateway");
  }

  @AfterAll
  static void remove() {
    KUBECTL.run("delete", "namespace", KUBECTL.namespace(), "--wait=false");
  }

  @Test
  void aWholePodIsRefusedAndNoneCanBePutInLater() {
    // The API server takes up a new policy within seconds.
    Awaitility.await("the policy is in force")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() ->
            assertThat(
                    KUBECTL
                        .attempt(WHOLE_POD, GATEWAY, "create", "--dry-run=server", "-f", "-")
                        .text())
                .contains("spec.template is a whole Pod", "may not create Pods in namespace"));
    assertThat(KUBECTL.apply(WHOLE_POD).code()).as("an administrator may").isZero();

    assertThat(patch("{\"spec\": {\"template\": {\"spec\": {\"hostNetwork\": true}}}}").text())
        .contains("spec.template is a whole Pod");
    assertThat(patch("{\"spec\": {\"run\": 2}}").code()).as("the rest may be changed").isZero();
  }

  private static Kubectl.Said patch(String change) {
    return KUBECTL.attempt("", GATEWAY, "patch", "jk/whole-pod", "--type=merge", "--patch", change);
  }
}
