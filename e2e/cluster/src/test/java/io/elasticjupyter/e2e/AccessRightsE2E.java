// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the API server answers when it is asked whether a program of ours may do something. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccessRightsE2E {

  private static final String OPERATOR = "elastic-jupyter:elastic-jupyter-operator";
  private static final String GATEWAY = "rights:gw";
  private static final String PODS_WITHOUT_ACCOUNT = "rights:default";

  private Workspace workspace;

  @BeforeAll
  void makeWorkspace() {
    workspace = Workspace.make("rights");
  }

  @AfterAll
  void remove() throws Exception {
    workspace.close();
  }

  @Test
  void theOperatorMakesPodsAndNeverListsSecretsNorTouchesOthersAccess() {
    assertAllowed(
        OPERATOR,
        "create pods default",
        "delete pods default",
        "get secrets default",
        "create secrets default",
        "patch jupyterkernels/status.kubeflow.tkestack.io default",
        "create roles.rbac.authorization.k8s.io default",
        "update leases.coordination.k8s.io elastic-jupyter");
    assertRefused(
        OPERATOR,
        "list secrets default",
        "watch secrets default",
        "delete secrets default",
        "create pods/exec default",
        "get pods/log default",
        "get configmaps default",
        "create configmaps default",
        "delete deployments.apps default",
        "delete jupyternotebooks.kubeflow.tkestack.io default",
        "patch jupytergateways.kubeflow.tkestack.io default",
        "escalate roles.rbac.authorization.k8s.io default",
        "bind clusterroles.rbac.authorization.k8s.io -",
        "create clusterrolebindings.rbac.authorization.k8s.io -",
        "create serviceaccounts/token default",
        "impersonate users -",
        "patch nodes -",
        "get leases.coordination.k8s.io kube-system");
  }

  @Test
  void aGatewayAsksForKernelsInItsNamespaceAndMayNothingElse() {
    assertAllowed(
        GATEWAY,
        "create jupyterkernels.kubeflow.tkestack.io rights",
        "watch jupyterkernels.kubeflow.tkestack.io rights",
        "delete jupyterkernels.kubeflow.tkestack.io rights",
        "patch jupyterkernels/status.kubeflow.tkestack.io rights",
        "list jupyterkernelspecs.kubeflow.tkestack.io rights");
    assertRefused(
        GATEWAY,
        "get secrets rights",
        "list secrets rights",
        "create pods rights",
        "list pods rights",
        "create pods/exec rights",
        "get configmaps rights",
        "patch jupyterkernelspecs.kubeflow.tkestack.io rights",
        "patch jupytergateways.kubeflow.tkestack.io rights",
        "update jupyterkernels/status.kubeflow.tkestack.io rights",
        "patch jupyterkernels/status.kubeflow.tkestack.io default",
        "create jupyterkernels.kubeflow.tkestack.io default",
        "list jupyterkernels.kubeflow.tkestack.io default",
        "list namespaces -");
  }

  @Test
  void kernelsAndNotebooksHaveNoTokenAndTheirAccountMayNothing() {
    Rest gateway = workspace.gateway();
    gateway.awaitKernel(gateway.startKernel("python3"), "idle");

    for (String component : List.of("kernel", "notebook")) {
      JsonNode pods =
          workspace.kubectl().list("pods", "-l", "app.kubernetes.io/component=" + component);
      assertThat(pods)
          .as(component)
          .isNotEmpty()
          .allSatisfy(pod -> {
            assertThat(pod.at("/spec/automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/spec/serviceAccountName").asText()).isEqualTo("default");
          });
    }
    assertRefused(
        PODS_WITHOUT_ACCOUNT,
        "get secrets rights",
        "list pods rights",
        "create pods rights",
        "list jupyterkernels.kubeflow.tkestack.io rights",
        "create jupyterkernels.kubeflow.tkestack.io rights");
  }

  private void assertAllowed(String account, String... asked) {
    assertThat(answers(account, asked)).allSatisfy((what, may) -> assertThat(may).isTrue());
  }

  private void assertRefused(String account, String... asked) {
    assertThat(answers(account, asked)).allSatisfy((what, may) -> assertThat(may).isFalse());
  }

  /** Asks for every right in one call; each is a verb, a resource and a namespace or a hyphen. */
  private Map<String, Boolean> answers(String account, String... asked) {
    ArrayNode reviews = Rest.JSON.createArrayNode();
    Stream.of(asked).forEach(each -> reviews.add(review(account, each.split(" "))));
    JsonNode list =
        Rest.JSON
            .createObjectNode()
            .put("apiVersion", "v1")
            .put("kind", "List")
            .set("items", reviews);
    Kubectl.Said said =
        workspace.kubectl().attempt(list.toString(), "create", "-f", "-", "-o", "json");
    assertThat(said.code()).as(said.text()).isZero();
    Map<String, Boolean> answers = new TreeMap<>();
    int index = 0;
    for (JsonNode answer : Kubectl.objects(said.text())) {
      answers.put(asked[index], answer.at("/status/allowed").asBoolean());
      index++;
    }
    assertThat(answers).hasSize(asked.length);
    return answers;
  }

  private static ObjectNode review(String account, String[] words) {
    String group = words[1].contains(".") ? words[1].substring(words[1].indexOf('.') + 1) : "";
    String resource = group.isEmpty() ? words[1] : words[1].substring(0, words[1].indexOf('.'));
    ObjectNode attributes =
        Rest.JSON
            .createObjectNode()
            .put("verb", words[0])
            .put("group", group)
            .put("resource", resource.split("/", -1)[0])
            .put("namespace", words[2].equals("-") ? "" : words[2]);
    if (resource.contains("/")) {
      attributes.put("subresource", resource.split("/", -1)[1]);
    }
    ObjectNode review =
        Rest.JSON
            .createObjectNode()
            .put("apiVersion", "authorization.k8s.io/v1")
            .put("kind", "SubjectAccessReview");
    review
        .putObject("spec")
        .put("user", "system:serviceaccount:" + account)
        .<ObjectNode>set("resourceAttributes", attributes)
        .putArray("groups")
        .add("system:serviceaccounts")
        .add("system:authenticated");
    return review;
  }
}
