// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import io.elasticjupyter.api.JupyterGateway;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Optional;

/**
 * Which notebooks get a gateway's token. Whoever has it runs code in the gateway's namespace, so a
 * notebook elsewhere gets it only where the gateway's own resource says so.
 */
public final class NotebookAccess {

  private static final String ALL = "*";

  private NotebookAccess() {}

  /** Kubernetes puts this label on every namespace, with its name. */
  private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  /** Whether notebooks of a namespace may use the gateway. */
  public static boolean isGranted(JupyterGateway gateway, String namespace) {
    return namespace.equals(gateway.getMetadata().getNamespace())
        || others(gateway).contains(namespace)
        || others(gateway).contains(ALL);
  }

  /** Those besides the gateway's own; empty where there are none. */
  static Optional<LabelSelector> otherNamespaces(JupyterGateway gateway) {
    List<String> others = others(gateway);
    if (others.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        others.contains(ALL)
            ? new LabelSelector()
            : new LabelSelectorBuilder()
                .addToMatchExpressions(new LabelSelectorRequirement(NAMESPACE_NAME, "In", others))
                .build());
  }

  private static List<String> others(JupyterGateway gateway) {
    return gateway.getSpec() == null || gateway.getSpec().notebookNamespaces() == null
        ? List.of()
        : gateway.getSpec().notebookNamespaces();
  }
}
