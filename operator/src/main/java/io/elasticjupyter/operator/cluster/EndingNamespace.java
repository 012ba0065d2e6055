// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/**
 * A namespace that is being deleted, or is gone: nothing new is taken there, and none is wanted.
 */
public final class EndingNamespace {

  private EndingNamespace() {}

  /** Whether a call failed for that. */
  public static boolean isReasonOf(KubernetesClientException failure) {
    Status answer = failure.getStatus();
    StatusDetails details = answer == null ? null : answer.getDetails();
    if (details == null) {
      return false;
    }
    return switch (failure.getCode()) {
      case HttpURLConnection.HTTP_NOT_FOUND -> "namespaces".equals(details.getKind());
      case HttpURLConnection.HTTP_FORBIDDEN ->
          details.getCauses().stream()
              .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
      default -> false;
    };
  }
}
