// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.config;

import java.util.Set;

/**
 * What logs must not show.
 *
 * @param sensitiveKeys environment names whose values are masked, beside those that look like a
 *     secret ({@code EG_SENSITIVE_ENV_KEYS})
 * @param mask what is shown instead ({@code EG_REDACTION_MASK})
 */
public record RedactionConfig(Set<String> sensitiveKeys, String mask) {

  public RedactionConfig {
    sensitiveKeys = Set.copyOf(sensitiveKeys);
  }

  public static RedactionConfig defaults() {
    return new RedactionConfig(Set.of(), "********");
  }
}
