// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.api.JupyterKernel;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.Test;

final class ClusterClientTest {

  private static final String METADATA =
      """
      "metadata": {"name": "kernel", "labels": {"crowd": "yes"},
        "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {"f:run": {}}}}]}
      """;

  @Test
  void objectsAreReadWithoutWhoManagesTheirFields() {
    try (KubernetesClient client = ClusterClient.open()) {
      Pod pod =
          client
              .getKubernetesSerialization()
              .unmarshal(
                  "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", %s}".formatted(METADATA), Pod.class);
      JupyterKernel kernel =
          client
              .getKubernetesSerialization()
              .unmarshal(
                  "{\"kind\": \"JupyterKernel\", %s, \"spec\": {\"run\": 3}}".formatted(METADATA),
                  JupyterKernel.class);

      assertThat(pod.getMetadata().getManagedFields()).isEmpty();
      assertThat(pod.getMetadata().getLabels()).containsEntry("crowd", "yes");
      assertThat(kernel.getMetadata().getManagedFields()).isEmpty();
      assertThat(kernel.getSpec().run()).isEqualTo(3);
    }
  }

  /** Of whoever goes back to this version, or runs it until the newer one has started. */
  @Test
  void whatANewerVersionWroteIsReadAsFarAsItIsKnown() {
    try (KubernetesClient client = ClusterClient.open()) {
      JupyterKernel kernel =
          client
              .getKubernetesSerialization()
              .unmarshal(
                  """
                  {"kind": "JupyterKernel", "spec": {"run": 3, "operatingMode": "Teleported", "colour": {"of": "hope"}},
                   "status": {"stage": "Dreaming", "run": 3, "reason": "Sheep", "depth": 2, "hibernation": {"asleep": true, "on": "tape"}}}
                  """,
                  JupyterKernel.class);

      assertThat(kernel.getSpec().run()).isEqualTo(3);
      assertThat(kernel.getSpec().operatingMode()).isNull();
      assertThat(kernel.getStatus().stage()).isNull();
      assertThat(kernel.getStatus().reason()).isNull();
      assertThat(kernel.getStatus().run()).isEqualTo(3);
      assertThat(kernel.getStatus().hibernation()).isNotNull();
    }
  }
}
