// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;

/** The Service in front of the one Pod of a gateway or a notebook, under its owner's name. */
public final class HttpService {

  /** Of gateways and notebooks alike, in their Pods and in front of them. */
  public static final int PORT = 8888;

  private HttpService() {}

  public static Service of(HasMetadata owner, String component, String ownerLabel) {
    return new ServiceBuilder()
        .withMetadata(Owned.metadata(owner, owner.getMetadata().getName(), component, ownerLabel))
        .withNewSpec()
        .withSelector(Owned.labels(owner, component, ownerLabel))
        .addNewPort()
        .withName("http")
        .withPort(PORT)
        .withNewTargetPort(PORT)
        .endPort()
        .endSpec()
        .build();
  }

  /** Where it is reached from inside the cluster. */
  public static String url(String namespace, String name) {
    return "http://%s.%s:%d".formatted(name, namespace, PORT);
  }
}
