// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.cors;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.gateway.Requests;
import io.elasticjupyter.gateway.config.CorsConfig;
import io.elasticjupyter.gateway.http.Header;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorsTest {

  @ParameterizedTest
  @CsvSource({
    "'', http://lab:8888, lab:8888, true",
    "'', https://LAB:8888, lab:8888, true",
    "'', http://evil, lab:8888, false",
    "'', http://lab, lab:8888, false",
    "'', null, lab:8888, false",
    "*, http://evil, lab:8888, true",
    "https://hub, https://hub, lab:8888, true",
    "https://hub, https://HUB, lab:8888, true",
    "https://hub, https://hub.evil, lab:8888, false",
    "https://hub, http://lab:8888, lab:8888, true",
  })
  void origins(String allowed, String origin, String host, boolean expected) {
    assertThat(
            cors(Optional.of(allowed))
                .allows(Requests.get(Map.of(), "Origin", origin, "Host", host)))
        .isEqualTo(expected);
  }

  @Test
  void requestsWithoutAnOriginDoNotComeFromAPage() {
    assertThat(cors(Optional.empty()).allows(Requests.get(Map.of(), "Host", "lab"))).isTrue();
  }

  @Test
  void onlyConfiguredHeadersAreSent() {
    assertThat(cors(Optional.empty()).headers()).isEmpty();
    assertThat(cors(Optional.of("*")).headers())
        .containsExactly(new Header("Access-Control-Allow-Origin", "*"));
  }

  private static Cors cors(Optional<String> origin) {
    return new Cors(
        new CorsConfig(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            origin,
            Optional.empty(),
            Optional.of("")));
  }
}
