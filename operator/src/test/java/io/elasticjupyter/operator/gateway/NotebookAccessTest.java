// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.api.JupyterGateway;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NotebookAccessTest {

  @Test
  void notebooksOfItsOwnNamespaceAlwaysMay() {
    assertThat(NotebookAccess.isGranted(gateway(null), "team")).isTrue();
    assertThat(NotebookAccess.isGranted(gateway(List.of("other")), "team")).isTrue();
  }

  @Test
  void notebooksElsewhereMayOnlyWhereTheGatewaySaysSo() {
    assertThat(NotebookAccess.isGranted(gateway(null), "other")).isFalse();
    assertThat(NotebookAccess.isGranted(gateway(List.of()), "other")).isFalse();
    assertThat(NotebookAccess.isGranted(gateway(List.of("third")), "other")).isFalse();
    assertThat(NotebookAccess.isGranted(gateway(List.of("third", "other")), "other")).isTrue();
    assertThat(NotebookAccess.isGranted(gateway(List.of("*")), "other")).isTrue();
  }

  private static JupyterGateway gateway(@Nullable List<String> namespaces) {
    return Gateways.forNotebooksOf(namespaces);
  }
}
