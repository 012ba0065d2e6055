// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.config;

import java.util.Optional;

/**
 * Who may ask.
 *
 * @param token what every request must carry ({@code EG_AUTH_TOKEN}); empty leaves the gateway open
 */
public record AuthConfig(Optional<String> token) {

  public AuthConfig {
    token = token.filter(value -> !value.isEmpty());
  }

  public static AuthConfig defaults() {
    return new AuthConfig(Optional.empty());
  }

  @Override
  public String toString() {
    return "AuthConfig[token=" + (token.isPresent() ? "set" : "none") + "]";
  }
}
