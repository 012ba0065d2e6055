// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What reached the manifest of a Pod in Enterprise Gateway until its three CVEs of 2026 is refused
 * by the gateway, in words, and nothing is made.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GatewayBoundsE2E {

  private static final String SETTING =
      """
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      spec:
        clients: {images: ["registry.example.org/team/*"], volumes: true, maxCpus: "2", maxMemory: 2Gi}
      """;
  private static final String CLAIM =
      "[{\"name\": \"data\", \"persistentVolumeClaim\": {\"claimName\": \"data\"}}]";

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;

  @BeforeAll
  void start() {
    gateway = cleanup.add(ClusterGateway.start("gateway-bounds", SETTING));
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void linesOfAManifestInAVariable() {
    refused("KERNEL_POD_NAME", "a\nspec: {hostNetwork: true, hostPID: true}");
    refused("KERNEL_POD_NAME", "a: {b: c}");
    refused("KERNEL_USERNAME", "ada\n  labels: {admin: \"yes\"}");
    refused("KERNEL_NAMESPACE", "kube-system");
    refused("KERNEL_NAMESPACE", "gateway-bounds\nmetadata: {}");
    refused("KERNEL_SERVICE_ACCOUNT_NAME", "default");
    refused("KERNEL_IMAGE", "registry.example.org/team/a\nsecurityContext: {privileged: true}");
    refused("KERNEL_IMAGE", "registry.example.org/team/a, privileged: true");
    refused("KERNEL_WORKING_DIR", "/tmp\ncommand: [id]");
    refused("KERNEL_CPUS_LIMIT", "1, privileged: true");
    refused("KERNEL_MEMORY", "1Gi\r\nhostIPC: true");
  }

  @Test
  void templatesInAName() {
    for (String template :
        new String[] {
          "{{ 7 * 7 }}",
          "{{ kernel_id }}",
          "{{ ''.__class__.__mro__[1].__subclasses__() }}",
          "{% for x in [1] %}{{ x }}{% endfor %}"
        }) {
      refused("KERNEL_POD_NAME", template);
      refused("KERNEL_USERNAME", template);
      refused("KERNEL_IMAGE", "registry.example.org/team/" + template);
      refused("KERNEL_NAMESPACE", template);
    }
    refused("KERNEL_POD_NAME", "$(id)");
    refused("KERNEL_POD_NAME", "`id`");
  }

  @Test
  void rootInAnotherSpelling() {
    for (String root :
        new String[] {"0", "00", "0x0", "+0", "-0", " 0", "0 ", "1e0", "0.0", "0_0", "0\n", "०"}) {
      refused("KERNEL_UID", root);
      refused("KERNEL_GID", root);
    }
    refused("KERNEL_UID", "4294967296");
    refused("KERNEL_UID", " 1000");
  }

  @Test
  void volumesOfTheNodeOrOfOthers() {
    refused("KERNEL_VOLUMES", "[{\"name\": \"node\", \"hostPath\": {\"path\": \"/\"}}]");
    refused(
        "KERNEL_VOLUMES",
        "[{\"name\": \"key\", \"secret\": {\"secretName\": \"gateway-gateway\"}}]");
    refused("KERNEL_VOLUMES", "- {name: node, hostPath: {path: /}}");
    refused(
        Map.of(
            "KERNEL_VOLUMES",
            CLAIM,
            "KERNEL_VOLUME_MOUNTS",
            "[{\"name\": \"data\", \"mountPath\": \"/x\", \"subPath\": \"../../etc\"}]"),
        "KERNEL_VOLUME_MOUNTS");
    refused(
        Map.of(
            "KERNEL_VOLUMES",
            CLAIM,
            "KERNEL_VOLUME_MOUNTS",
            "[{\"name\": \"data\", \"mountPath\": \"/var/run/elastic-jupyter/connection\"}]"),
        "KERNEL_VOLUME_MOUNTS");
  }

  @Test
  void moreThanTheAdministratorAllows() {
    refused("KERNEL_IMAGE", "docker.io/anybody/miner");
    refused("KERNEL_CPUS", "2001m");
    refused("KERNEL_MEMORY_LIMIT", "1Ti");
    refused("KERNEL_GPUS", "1");
  }

  private void refused(String name, String value) {
    refused(Map.of(name, value), name);
  }

  /** With the name of the variable in the message, and nothing made. */
  private void refused(Map<String, String> env, String named) {
    ObjectNode body = Rest.JSON.createObjectNode().put("name", "python3");
    ObjectNode variables = body.putObject("env");
    env.forEach(variables::put);

    Rest.Answer answer = gateway.rest().post("/api/kernels", body);

    assertThat(answer.status()).as("%s: %s", env, answer.json()).isIn(400, 403);
    assertThat(answer.json().path("message").asText())
        .as("%s", env)
        .contains(named.replace("KERNEL_UID", "UID").replace("KERNEL_GID", "GID"));
    assertThat(gateway.rest().get("/api/kernels").json()).isEmpty();
    assertThat(gateway.kubectl().list("jk")).isEmpty();
  }
}
