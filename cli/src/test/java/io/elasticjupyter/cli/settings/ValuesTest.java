// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elasticjupyter.cli.settings.Setting.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ValuesTest {

  private static final Setting<Integer> PORT =
      Setting.of(
          "--listen-port", Shape.one("PORT"), "8888", ValueReaders.number(0, 65_535), "A port.");
  private static final Setting<String> ENVS =
      Setting.of("--client-envs", Shape.one("NAMES"), "", ValueReaders::text, "Names.")
          .alsoNamed("EG_ENV_WHITELIST");
  private static final List<SettingGroup> GROUPS =
      List.of(new SettingGroup("All", List.of(PORT, ENVS)));

  @Test
  void nothingGivenLeavesTheDefault() throws Values.Unusable {
    Values values = Values.read(GROUPS, Map.of(), Map.of());

    assertThat(values.get(PORT)).isEqualTo(8888);
    assertThat(values.source(PORT)).isEmpty();
  }

  @Test
  void theCommandLineWinsThenTheNamesInTheirOrder() throws Values.Unusable {
    Map<String, String> environment =
        Map.of("EG_LISTEN_PORT", "1", "KG_LISTEN_PORT", "2", "EG_ENV_WHITELIST", "OLD");

    Values both = Values.read(GROUPS, Map.of("--listen-port", "3"), environment);
    Values named = Values.read(GROUPS, Map.of(), environment);

    assertThat(both.get(PORT)).isEqualTo(3);
    assertThat(both.source(PORT)).contains("--listen-port");
    assertThat(named.get(PORT)).isEqualTo(1);
    assertThat(named.source(PORT)).contains("EG_LISTEN_PORT");
    assertThat(named.get(ENVS)).isEqualTo("OLD");
  }

  @Test
  void anEmptyVariableIsNotSetButAnEmptyOptionIs() throws Values.Unusable {
    Map<String, String> environment = Map.of("EG_CLIENT_ENVS", "", "KG_CLIENT_ENVS", "X");

    assertThat(Values.read(GROUPS, Map.of(), environment).get(ENVS)).isEqualTo("X");
    assertThat(Values.read(GROUPS, Map.of("--client-envs", ""), environment).get(ENVS)).isEmpty();
  }

  @Test
  void everyProblemIsNamedWithItsSource() {
    assertThatExceptionOfType(Values.Unusable.class)
        .isThrownBy(() -> Values.read(GROUPS, Map.of(), Map.of("KG_LISTEN_PORT", "many")))
        .satisfies(unusable ->
            assertThat(unusable.problems())
                .containsExactly(
                    "KG_LISTEN_PORT is 'many', but must be a whole number from 0 to 65535"));
  }

  @Test
  void aSettingOfAnotherProgramIsAMistakeOfOurs() throws Values.Unusable {
    Values values = Values.read(List.of(), Map.of(), Map.of());

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> values.get(PORT))
        .withMessageContaining("--listen-port");
  }
}
