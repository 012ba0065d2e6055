// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.gateway.config.ListenConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {

  private static final List<Route> ROUTES =
      List.of(
          Route.of("/api/kernels", Map.of()),
          Route.of("/api/kernels/{kernel_id}", Map.of()),
          Route.of("/kernelspecs/{kernel_name}/{path}", Map.of()));

  @ParameterizedTest
  @CsvSource({
    "/api/kernels, /api/kernels",
    "/api/kernels/a-b-c-d-e, /api/kernels/{kernel_id}",
    "/api/kernels/a_1-b-c-d-e, /api/kernels/{kernel_id}",
    "/kernelspecs/p-3.1%/logo-64x64.png, /kernelspecs/{kernel_name}/{path}",
    "/kernelspecs/p/a/b.js, /kernelspecs/{kernel_name}/{path}",
  })
  void finds(String path, String template) {
    assertThat(new Router("", ROUTES).find(path).orElseThrow().route().template())
        .isEqualTo(template);
  }

  @ParameterizedTest
  @CsvSource({
    "/", "''", "/api/kernels/", "/api/kernels/a-b-c-d", "/api/kernels/a-b-c-d-é",
    "/api/kernels/a-b-c-d-e/", "/kernelspecs/a b/c", "/kernelspecs/p", "/Api/kernels", "api/kernels"
  })
  void findsNothing(String path) {
    assertThat(new Router("", ROUTES).find(path)).isEmpty();
  }

  @Test
  void readsParameters() {
    Router.Match match = new Router("", ROUTES).find("/kernelspecs/p/a/b.js").orElseThrow();
    assertThat(match.parameters()).isEqualTo(Map.of("kernel_name", "p", "path", "a/b.js"));
  }

  @Test
  void everythingIsBelowTheBasePath() {
    Router router = new Router("/gw/x", ROUTES);
    assertThat(router.find("/gw/x/api/kernels")).isPresent();
    assertThat(router.find("/api/kernels")).isEmpty();
    assertThat(router.find("/gw/xapi/kernels")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/, ''", "'', ''", "gw, /gw", "/gw/, /gw", "//gw/x//, /gw/x"})
  void basePathsAreTakenHoweverTheyAreWritten(String written, String normalized) {
    assertThat(new ListenConfig("127.0.0.1", 0, 0, written, false).basePath())
        .isEqualTo(normalized);
  }

  @Test
  void headersAreComparedWithoutCase() {
    Headers headers =
        new Headers(
            List.of(
                new Header("Connection", "keep-alive, Upgrade"), new Header("connection", "x")));
    assertThat(headers.lists("CONNECTION", "upgrade")).isTrue();
    assertThat(headers.list("Connection")).containsExactly("keep-alive", "Upgrade", "x");
    assertThat(headers.first("nothing")).isEmpty();
  }
}
