// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.Specs;
import io.elasticjupyter.gateway.config.KernelEnvironmentConfig;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentRulesTest {

  private static final KernelId ID = new KernelId("6b1a7c2e-0f6d-4c8e-9f3a-1d2c3b4a5f60");

  @Test
  void acceptsKernelNamesAndThoseThatAreListed() throws ApiFailure {
    ObjectNode env = Json.object().put("KERNEL_A", "1").put("LISTED", "2").put("OTHER", "3");
    assertThat(rules(Set.of("LISTED"), Set.of(), false).accepted(env))
        .containsExactlyInAnyOrderEntriesOf(Map.of("KERNEL_A", "1", "LISTED", "2"));
  }

  @Test
  void acceptsAllNamesWithAStar() throws ApiFailure {
    assertThat(rules(Set.of("*"), Set.of(), false).accepted(Json.object().put("OTHER", "3")))
        .containsEntry("OTHER", "3");
  }

  @Test
  void noEnvironmentIsAnEmptyOne() throws ApiFailure {
    assertThat(rules().accepted(MissingNode.getInstance())).isEmpty();
    assertThat(rules().accepted(Json.parsed("null").orElseThrow())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "\"x\"",
        "1",
        "{\"KERNEL_A\":1}",
        "{\"KERNEL_A\":null}",
        "{\"KERNEL_A\":{}}",
        "{\"KERNEL_A\":\"$(id)\"}",
        "{\"KERNEL_A\":\"`id`\"}",
        "{\"KERNEL_A\":\"a\\nb\"}",
        "{\"KERNEL_A\":\"a\\rb\"}",
        "{\"KERNEL_A\":\"\\u0000\"}",
        "{\"KERNEL_A=B\":\"x\"}",
        "{\"KERNEL_A B\":\"x\"}"
      })
  void refusesWhatCouldDoHarm(String env) {
    assertThat(refusal(env)).isEqualTo(FailureCode.ENVIRONMENT_REFUSED);
  }

  @Test
  void valuesMayHave4096Characters() throws ApiFailure {
    ObjectNode longest = Json.object().put("KERNEL_A", "a".repeat(4096));
    assertThat(rules().accepted(longest)).hasSize(1);
    assertThat(refusal("{\"KERNEL_A\":\"" + "a".repeat(4097) + "\"}"))
        .isEqualTo(FailureCode.ENVIRONMENT_REFUSED);
  }

  @Test
  void unacceptedVariablesAreNotJudged() throws ApiFailure {
    assertThat(rules().accepted(Json.parsed("{\"PS1\":\"$ \"}").orElseThrow())).isEmpty();
  }

  @Test
  void laterSourcesWin() {
    Map<String, String> over =
        rules(Set.of(), Set.of("FROM_SPEC", "INHERITED", "KERNEL_A", "ABSENT"), false)
            .over(Specs.python("p"), ID, Map.of("KERNEL_A", "client", "KERNEL_ID", "forged"));
    assertThat(over)
        .containsEntry("INHERITED", "own")
        .containsEntry("KERNEL_A", "client")
        .containsEntry("KERNEL_ID", ID.value())
        .containsEntry("KERNEL_GATEWAY", "1")
        .containsEntry("KERNEL_LANGUAGE", "python")
        .containsEntry("EG_IMPERSONATION_ENABLED", "False")
        .doesNotContainKeys("FROM_SPEC", "ABSENT");
  }

  @Test
  void theGatewaysTokenNeverReachesAKernel() {
    Map<String, String> over =
        rules(Set.of("*"), Set.of("EG_AUTH_TOKEN"), false)
            .over(Specs.python("p"), ID, Map.of("KG_AUTH_TOKEN", "x"));
    assertThat(over).doesNotContainKeys("EG_AUTH_TOKEN", "KG_AUTH_TOKEN");
  }

  @Test
  void aKernelspecsOwnLanguageStays() {
    KernelSpec spec =
        Specs.of(
            "r",
            Path.of("/nonexistent"),
            "{\"argv\":[\"r\"],\"display_name\":\"R\",\"language\":\"R\",\"env\":{\"KERNEL_LANGUAGE\":\"own\"}}");
    assertThat(rules().over(spec, ID, Map.of("KERNEL_LANGUAGE", "client")))
        .doesNotContainKey("KERNEL_LANGUAGE");
  }

  @Test
  void workingDirectoriesAreDroppedUnlessMirrored() {
    Map<String, String> client = Map.of("KERNEL_WORKING_DIR", "/home");
    assertThat(rules().over(Specs.python("p"), ID, client)).doesNotContainKey("KERNEL_WORKING_DIR");
    assertThat(rules(Set.of(), Set.of(), true).over(Specs.python("p"), ID, client))
        .containsEntry("KERNEL_WORKING_DIR", "/home");
  }

  private static FailureCode refusal(String env) {
    return catchThrowableOfType(
            ApiFailure.class, () -> rules().accepted(Json.parsed(env).orElseThrow()))
        .code();
  }

  private static EnvironmentRules rules() {
    return rules(Set.of(), Set.of(), false);
  }

  private static EnvironmentRules rules(
      Set<String> clients, Set<String> inherited, boolean mirror) {
    return new EnvironmentRules(
        new KernelEnvironmentConfig(
            clients,
            inherited,
            Map.of("INHERITED", "own", "FROM_SPEC", "own", "EG_AUTH_TOKEN", "secret"),
            mirror,
            false));
  }
}
