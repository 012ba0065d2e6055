// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Writes desired objects by server-side apply, under the one field manager of this operator. */
public final class Applier {

  public static final String FIELD_MANAGER = "elastic-jupyter";

  private final KubernetesClient client;

  public Applier(KubernetesClient client) {
    this.client = client;
  }

  /** Makes the object what it shall be; fields that others own and we do not name are theirs. */
  public <T extends HasMetadata> T apply(T desired) {
    return client.resource(desired).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
  }
}
