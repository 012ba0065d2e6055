// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterGatewaySpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gateway {@code team/gw} with specs as people write them. */
final class Gateways {

  private Gateways() {}

  static JupyterGateway of(@Nullable JupyterGatewaySpec spec) {
    JupyterGateway gateway = new JupyterGateway();
    gateway.setMetadata(
        new ObjectMetaBuilder()
            .withName("gw")
            .withNamespace("team")
            .withUid("uid-of-gateway")
            .build());
    if (spec != null) {
      gateway.setSpec(spec);
    }
    return gateway;
  }

  static JupyterGatewaySpec spec(String yaml) {
    return Serialization.unmarshal(yaml, JupyterGatewaySpec.class);
  }

  /** Null where the resource does not say which. */
  static JupyterGateway forNotebooksOf(@Nullable List<String> namespaces) {
    return of(spec(namespaces == null ? "{}" : "notebookNamespaces: " + quoted(namespaces)));
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> '"' + name + '"').toList().toString();
  }
}
