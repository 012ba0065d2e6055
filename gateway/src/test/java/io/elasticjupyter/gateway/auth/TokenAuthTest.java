// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elasticjupyter.gateway.Requests;
import io.elasticjupyter.gateway.config.AuthConfig;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpRequest;
import io.elasticjupyter.testkit.ManualClock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAuthTest {

  private final ManualClock clock = ManualClock.atNoon();
  private final TokenAuth auth = new TokenAuth(new AuthConfig(Optional.of("sécret")), clock);

  @ParameterizedTest
  @ValueSource(strings = {"token sécret", "Bearer sécret", "bearer sécret", "BEARER  sécret "})
  void theHeaderLetsThrough(String value) {
    assertThatCode(() -> auth.check(Requests.get(Map.of(), "Authorization", value)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token  sécret",
        "Token sécret",
        "token sécret ",
        "sécret",
        "token",
        "",
        "Basic sécret",
        "token sécre",
        "Bearer"
      })
  void anyOtherHeaderDoesNot(String value) {
    assertRefused(Requests.get(Map.of(), "Authorization", value));
  }

  @Test
  void theQueryLetsThrough() {
    assertThatCode(() -> auth.check(Requests.get(Map.of("token", List.of("sécret")))))
        .doesNotThrowAnyException();
  }

  @Test
  void aWrongQueryFailsEvenWithARightHeader() {
    assertRefused(Requests.get(Map.of("token", List.of("wrong")), "Authorization", "token sécret"));
    assertRefused(Requests.get(Map.of("token", List.of("")), "Authorization", "token sécret"));
  }

  @Test
  void noTokenFails() {
    assertRefused(Requests.get(Map.of()));
  }

  @Test
  void withoutAConfiguredTokenEverybodyMayAsk() {
    TokenAuth open = new TokenAuth(new AuthConfig(Optional.of("")), clock);
    assertThatCode(() -> open.check(Requests.get(Map.of()))).doesNotThrowAnyException();
  }

  @Test
  void settingsDoNotShowTheTokenInLogs() {
    assertThat(new AuthConfig(Optional.of("hidden")).toString()).doesNotContain("hidden");
  }

  private void assertRefused(HttpRequest request) {
    ApiFailure failure = catchThrowableOfType(ApiFailure.class, () -> auth.check(request));
    assertThat(failure.code()).isEqualTo(FailureCode.UNAUTHORIZED);
    assertThat(failure.status()).isEqualTo(401);
  }

  @Test
  void guessesAreRefusedForAMinuteAndTheRightTokenIsNot() {
    HttpRequest guess = Requests.get(Map.of("token", List.of("guess")));
    HttpRequest right = Requests.get(Map.of("token", List.of("sécret")));
    for (int number = 0; number < WrongTokens.MOST; number++) {
      assertRefused(guess);
    }

    assertThat(catchThrowableOfType(ApiFailure.class, () -> auth.check(guess)).code())
        .isEqualTo(FailureCode.TOO_MANY_WRONG_TOKENS);
    assertThatCode(() -> auth.check(right)).doesNotThrowAnyException();
    assertRefused(Requests.get(Map.of()));

    clock.advance(WrongTokens.WINDOW);
    assertRefused(guess);
  }
}
