// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.config;

import java.util.Optional;

/**
 * The values of the Access-Control-* response headers; one that is empty is not sent.
 *
 * @param allowCredentials {@code EG_ALLOW_CREDENTIALS}
 * @param allowHeaders {@code EG_ALLOW_HEADERS}
 * @param allowMethods {@code EG_ALLOW_METHODS}
 * @param allowOrigin {@code EG_ALLOW_ORIGIN}; also decides which Origin a request may carry: {@code
 *     *} any, one origin that one, empty only the gateway's own
 * @param exposeHeaders {@code EG_EXPOSE_HEADERS}
 * @param maxAge {@code EG_MAX_AGE}, seconds
 */
public record CorsConfig(
    Optional<String> allowCredentials,
    Optional<String> allowHeaders,
    Optional<String> allowMethods,
    Optional<String> allowOrigin,
    Optional<String> exposeHeaders,
    Optional<String> maxAge) {

  public CorsConfig {
    allowCredentials = allowCredentials.filter(value -> !value.isEmpty());
    allowHeaders = allowHeaders.filter(value -> !value.isEmpty());
    allowMethods = allowMethods.filter(value -> !value.isEmpty());
    allowOrigin = allowOrigin.filter(value -> !value.isEmpty());
    exposeHeaders = exposeHeaders.filter(value -> !value.isEmpty());
    maxAge = maxAge.filter(value -> !value.isEmpty());
  }

  public static CorsConfig defaults() {
    return new CorsConfig(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
