// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Kernels that can never run: the cell that waits, the kernel's model, the resource and an event
 * say the same sentence within seconds, and nothing is held in vain.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HopelessPodsE2E {

  private static final Duration SECONDS = Duration.ofSeconds(30);

  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: never-pulled}
      spec: {language: python, image: "localhost/nobody-made-this:1", template: {name: never-pulls}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelTemplate
      metadata: {name: never-pulls}
      spec:
        template:
          spec:
            containers: [{name: kernel, imagePullPolicy: Never}]
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: registry-away}
      spec: {language: python, image: "localhost:1/nobody-serves-this:1"}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: misnamed-image}
      spec: {language: python, image: "No Such/Name"}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: huge}
      spec:
        language: python
        image: localhost/elastic-jupyter-kernel-python:dev
        resources: {requests: {memory: 900Ti}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: exits}
      spec:
        language: python
        image: localhost/elastic-jupyter-kernel-python:dev
        command: [sh, -c, "echo no module named torch >&2; exit 3", "{connection_file}"]
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: without-python}
      spec: {language: python, image: "localhost/elastic-jupyter:dev"}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: without-ipykernel}
      spec:
        language: python
        image: localhost/elastic-jupyter-kernel-python:dev
        command: [/usr/bin/python3, -m, ipykernel_launcher, -f, "{connection_file}"]
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: without-template}
      spec: {language: python, template: {name: nobody-wrote-it}}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: privileged}
      spec:
        language: python
        image: localhost/elastic-jupyter-kernel-python:dev
        template: {name: privileged}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelTemplate
      metadata: {name: privileged}
      spec:
        template:
          spec:
            containers: [{name: kernel, securityContext: {privileged: true}}]
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterKernelSpec
      metadata: {name: forbidden}
      spec: {language: python, image: "registry.example.org/forbidden:1"}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: hopeless-pods}
      spec:
        matchConstraints:
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: hopeless-pods}}
          resourceRules:
            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
        validations:
          - expression: object.spec.containers.all(each, !each.image.contains('forbidden'))
            message: Images of this registry are not run here; ask the team of the platform.
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: hopeless-pods}
      spec: {policyName: hopeless-pods, validationActions: [Deny]}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      """;

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;

  @BeforeAll
  void start() {
    cleanup.add(() -> delete("validatingadmissionpolicy"));
    cleanup.add(() -> delete("validatingadmissionpolicybinding"));
    gateway = cleanup.add(ClusterGateway.start("hopeless-pods", SETTING));
    gateway
        .kubectl()
        .run(
            "label",
            "namespace",
            "hopeless-pods",
            "pod-security.kubernetes.io/enforce=restricted",
            "pod-security.kubernetes.io/enforce-version=latest");
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void anImageThatTheNodeDoesNotHaveAndMayNotPull() {
    assertEnds(
        "never-pulled",
        "ImageMissing",
        "The image localhost/nobody-made-this:1 cannot be pulled; mend its name",
        "not present with pull policy of Never");
  }

  @Test
  void aRegistryThatCannotBeReachedIsTriedForAWhile() {
    String kernel = gateway.rest().startKernel("registry-away");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.execute("1 + 1");
      client.await(
          "what is waited for",
          message ->
              message.text().contains("still starting: The image localhost:1/nobody-serves-this:1"),
          SECONDS);
      assertEnded(client, kernel, "ImageMissing", "The image localhost:1/nobody-serves", "refused");
    }
  }

  @Test
  void aNameThatNoImageCanHave() {
    assertEnds("misnamed-image", "ImageInvalid", "No Such/Name is no name of an image", "mend it");
  }

  @Test
  void moreMemoryThanAnyNodeHas() {
    assertEnds(
        "huge",
        "TooLargeForAnyNode",
        "The kernel asks for 900Ti of memory, and no node",
        "Ask for");
  }

  @Test
  void aCommandThatFailsAtOnce() {
    assertEnds(
        "exits",
        "Exited",
        "The kernel's container ended with exit code 3: ",
        "no module named torch");
  }

  @Test
  void anImageWithoutPython() {
    assertEnds(
        "without-python",
        "ImageInvalid",
        "The kernel's command cannot be started in its image, ",
        ": exec: \"python3\": executable file not found in $PATH");
  }

  @Test
  void anImageWithoutIpykernel() {
    assertEnds(
        "without-ipykernel",
        "Exited",
        "The kernel's container ended with exit code 1: ",
        "No module named ipykernel_launcher");
  }

  @Test
  void aTemplateThatIsNotThere() {
    String kernel = gateway.rest().startKernel("without-template");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(failure(client))
          .isEqualTo(
              "The JupyterKernelSpec hopeless-pods/without-template is not ready: There is no"
                  + " JupyterKernelTemplate hopeless-pods/nobody-wrote-it (spec.template).");
    }
    assertThat(gateway.kubectl().get(ClusterGateway.resource(kernel)).isMissingNode()).isTrue();
    gateway.rest().delete("/api/kernels/" + kernel);
  }

  @Test
  void aPodThatTheNamespacesSecurityForbids() {
    assertEnds(
        "privileged",
        "PodRefused",
        "The cluster does not take the kernel's Pod: ",
        "violates PodSecurity \"restricted:latest\": privileged");
  }

  @Test
  void aPodThatAnAdministratorsRuleForbids() {
    assertEnds(
        "forbidden",
        "PodRefused",
        "The cluster does not take the kernel's Pod: ",
        "Images of this registry are not run here; ask the team of the platform.");
  }

  @Test
  void aKernelspecThatIsNotThereIsRefusedAtOnce() {
    Rest.Answer answer =
        gateway
            .rest()
            .post("/api/kernels", Rest.JSON.createObjectNode().put("name", "nobody-wrote-it"));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.json().path("message").asText()).contains("nobody-wrote-it");
  }

  private static void delete(String kind) {
    Kubectl.in("hopeless-pods").run("delete", kind, "hopeless-pods", "--ignore-not-found");
  }

  private void assertEnds(String kernelspec, String reason, String begin, String part) {
    String kernel = gateway.rest().startKernel(kernelspec);
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.execute("1 + 1");
      assertEnded(client, kernel, reason, begin, part);
    }
  }

  private void assertEnded(
      KernelSocket client, String kernel, String reason, String begin, String part) {
    String said = error(client);
    assertThat(said).startsWith(begin).contains(part);
    client.await("dead", message -> message.isStatus("dead"));
    JsonNode model = gateway.rest().kernel(kernel);
    assertThat(model.path("execution_state").asText()).isEqualTo("dead");
    assertThat(model.path("reason").asText()).isEqualTo(said);
    JsonNode ready = gateway.ready(kernel);
    assertThat(ready.path("status").asText()).isEqualTo("False");
    assertThat(ready.path("reason").asText()).isEqualTo(reason);
    assertThat(ready.path("message").asText()).isEqualTo(said);
    assertThat(hasEvent(kernel, reason, said)).as("an event says: %s", said).isTrue();
    gateway.rest().delete("/api/kernels/" + kernel);
    Awaitility.await("nothing is left")
        .atMost(SECONDS)
        .until(() -> gateway.kubectl().get(ClusterGateway.pod(kernel)).isMissingNode());
  }

  /** What a cell that waited for the kernel ended with. */
  private static String error(KernelSocket client) {
    return client
        .await("the end of the cell", message -> message.is("execute_reply"))
        .content()
        .path("evalue")
        .asText();
  }

  private static String failure(KernelSocket client) {
    client.execute("1 + 1");
    return error(client);
  }

  private boolean hasEvent(String kernel, String reason, String message) {
    JsonNode events =
        gateway.kubectl().list("events", "--field-selector=involvedObject.name=jovyan-" + kernel);
    return StreamSupport.stream(events.spliterator(), false)
        .filter(event -> event.at("/involvedObject/kind").asText().equals("JupyterKernel"))
        .filter(event -> event.path("reason").asText().equals(reason))
        .anyMatch(event -> event.path("message").asText().equals(message));
  }
}
