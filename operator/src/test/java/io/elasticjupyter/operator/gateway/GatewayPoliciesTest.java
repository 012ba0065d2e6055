// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.Labels;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GatewayPoliciesTest {

  @Test
  void kernelsAreReachedFromTheirGatewayOnly() {
    NetworkPolicy policy = GatewayPolicies.ofKernels(gateway());

    assertThat(policy.getSpec().getPodSelector().getMatchLabels())
        .isEqualTo(Map.of(Labels.COMPONENT, "kernel", Labels.GATEWAY, "gw"));
    assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
    assertThat(policy.getSpec().getIngress())
        .singleElement()
        .satisfies(rule ->
            assertThat(rule.getFrom())
                .singleElement()
                .satisfies(peer -> {
                  assertThat(peer.getNamespaceSelector()).isNull();
                  assertThat(peer.getPodSelector().getMatchLabels())
                      .containsEntry(Labels.COMPONENT, "gateway")
                      .containsEntry(Labels.GATEWAY, "gw");
                }));
  }

  @Test
  void theGatewayIsReachedFromItsNamespaceAlone() {
    NetworkPolicyIngressRule rule =
        GatewayPolicies.ofGateway(gateway()).getSpec().getIngress().getFirst();
    assertThat(rule.getPorts())
        .extracting(p -> p.getPort().getIntVal())
        .containsExactly(8888, 8877, 8878);
    assertThat(rule.getFrom())
        .singleElement()
        .satisfies(peer -> {
          assertThat(peer.getNamespaceSelector()).isNull();
          assertThat(peer.getPodSelector()).isEqualTo(new LabelSelector());
        });
  }

  @Test
  void replicasReachEachOtherAndNobodyElseDoes() {
    NetworkPolicyIngressRule rule =
        GatewayPolicies.ofGateway(gateway()).getSpec().getIngress().get(1);

    assertThat(rule.getPorts()).extracting(p -> p.getPort().getIntVal()).containsExactly(8879);
    assertThat(rule.getFrom())
        .singleElement()
        .satisfies(peer ->
            assertThat(peer.getPodSelector().getMatchLabels())
                .containsEntry(Labels.COMPONENT, "gateway"));
  }

  @Test
  void andFromNotebooksOfTheNamespacesThatMayHaveItsToken() {
    NetworkPolicyIngressRule others =
        GatewayPolicies.ofGateway(gateway("ada", "bob")).getSpec().getIngress().getLast();

    assertThat(others.getPorts())
        .singleElement()
        .satisfies(port -> assertThat(port.getPort().getIntVal()).isEqualTo(8888));
    assertThat(others.getFrom())
        .singleElement()
        .satisfies(peer -> {
          assertThat(peer.getPodSelector().getMatchLabels())
              .containsEntry(Labels.COMPONENT, "notebook");
          assertThat(peer.getNamespaceSelector().getMatchExpressions())
              .containsExactly(
                  new LabelSelectorRequirement(
                      "kubernetes.io/metadata.name", "In", List.of("ada", "bob")));
        });
  }

  @Test
  void aStarIsEveryNamespace() {
    NetworkPolicyIngressRule others =
        GatewayPolicies.ofGateway(gateway("*")).getSpec().getIngress().getLast();

    assertThat(others.getFrom())
        .singleElement()
        .returns(new LabelSelector(), peer -> peer.getNamespaceSelector());
  }

  private static JupyterGateway gateway(String... notebookNamespaces) {
    return Gateways.forNotebooksOf(List.of(notebookNamespaces));
  }
}
