// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the route of a path below the base path. */
public final class Router {

  private final String basePath;
  private final List<Route.Compiled> routes;

  /**
   * Knows these routes.
   *
   * @param basePath empty, or with a leading and no final slash
   * @param routes asked in their order
   */
  public Router(String basePath, List<Route> routes) {
    this.basePath = basePath;
    this.routes = routes.stream().map(Route::compiled).toList();
  }

  /** A route that fits and what its parameters stand for. */
  public record Match(Route route, Map<String, String> parameters) {}

  public Optional<Match> find(String path) {
    if (!path.startsWith(basePath)) {
      return Optional.empty();
    }
    String below = path.substring(basePath.length());
    for (Route.Compiled compiled : routes) {
      Optional<Map<String, String>> parameters = compiled.parametersOf(below);
      if (parameters.isPresent()) {
        return Optional.of(new Match(compiled.route(), parameters.get()));
      }
    }
    return Optional.empty();
  }
}
