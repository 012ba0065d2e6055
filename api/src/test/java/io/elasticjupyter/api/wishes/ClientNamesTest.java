// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api.wishes;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientNamesTest {

  @Test
  void whatNotebooksOfOursSendIsTaken() {
    assertThatCode(() ->
            ClientNames.check(
                Map.of(
                    "KERNEL_USERNAME", "Zoë O'Neil@example.org",
                    "KERNEL_NAMESPACE", "team",
                    "KERNEL_POD_NAME", "zoe-1"),
                "team"))
        .doesNotThrowAnyException();
    assertThatCode(() -> ClientNames.check(Map.of("KERNEL_POD_NAME", ""), "team"))
        .doesNotThrowAnyException();
  }

  /** CVEs of Enterprise Gateway: what a name brought along reached the manifest. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 7 * 7 }}",
        "{{ kernel_username }}-{{ kernel_id }}",
        "{% for c in ().__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}",
        "a\nspec: {hostNetwork: true}",
        "a\u0000b"
      })
  void aTemplateOrMoreThanOneLineIsNoName(String name) {
    refused("KERNEL_USERNAME", name);
    refused("KERNEL_POD_NAME", name);
    refused("KERNEL_NAMESPACE", name);
    refused("KERNEL_SERVICE_ACCOUNT_NAME", name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kube-system", "Team", "team ", "../team"})
  void noOtherNamespaceIsReached(String namespace) {
    refused("KERNEL_NAMESPACE", namespace);
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "admin"})
  void noAccountIsChosen(String account) {
    refused("KERNEL_SERVICE_ACCOUNT_NAME", account);
  }

  private static void refused(String variable, String value) {
    assertThatThrownBy(() -> ClientNames.check(Map.of(variable, value), "team"))
        .isInstanceOf(WishRefused.class)
        .hasMessageContaining(variable)
        .hasMessageNotContaining("subclasses");
  }
}
