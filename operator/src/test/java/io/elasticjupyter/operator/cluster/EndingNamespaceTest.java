// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** With answers as an API server of Kubernetes 1.34 gives them. */
final class EndingNamespaceTest {

  @Test
  void aNamespaceThatIsBeingDeletedTakesNothingNew() {
    assertThat(failure(403, "secrets", "NamespaceTerminating")).isTrue();
    assertThat(failure(404, "namespaces", null)).isTrue();
  }

  @Test
  void otherRefusalsAreNotForThat() {
    assertThat(failure(403, "pods", "FieldValueForbidden")).isFalse();
    assertThat(failure(403, "pods", null)).isFalse();
    assertThat(failure(404, "pods", null)).isFalse();
    assertThat(EndingNamespace.isReasonOf(new KubernetesClientException("no answer"))).isFalse();
  }

  private static boolean failure(int code, String kind, @Nullable String cause) {
    StatusBuilder status =
        new StatusBuilder().withCode(code).withNewDetails().withKind(kind).endDetails();
    if (cause != null) {
      status.editDetails().addNewCause().withReason(cause).endCause().endDetails();
    }
    return EndingNamespace.isReasonOf(new KubernetesClientException(status.build()));
  }
}
