// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** How a program that keeps many objects of a cluster in memory reaches it: as kubectl does. */
public final class ClusterClient {

  private ClusterClient() {}

  /**
   * Reads no {@code managedFields}: none of ours looks at them, and they are most of an object.
   * What a newer version wrote, and this one does not know, is as if it were not there.
   */
  public static KubernetesClient open() {
    ObjectMapper json =
        JsonMapper.builder()
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    json.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(new KubernetesSerialization(json, true))
        .build();
  }

  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}
}
