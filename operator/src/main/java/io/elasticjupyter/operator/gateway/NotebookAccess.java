// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import io.elasticjupyter.api.JupyterGateway;
import java.util.List;

/**
 * Which notebooks get a gateway's token. Whoever has it runs code in the gateway's namespace, so a
 * notebook elsewhere gets it only where the gateway's own resource says so.
 */
public final class NotebookAccess {

  private static final String ALL = "*";

  private NotebookAccess() {}

  /** Whether notebooks of a namespace may use the gateway. */
  public static boolean isGranted(JupyterGateway gateway, String namespace) {
    List<String> others = gateway.getSpec() == null ? null : gateway.getSpec().notebookNamespaces();
    return namespace.equals(gateway.getMetadata().getNamespace())
        || (others != null && (others.contains(namespace) || others.contains(ALL)));
  }
}
