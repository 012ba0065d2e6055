// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * Another resource by name.
 *
 * @param namespace null for that of the resource that refers
 */
public record ObjectName(
    @JsonPropertyDescription("Its name.") @Required String name,
    @JsonPropertyDescription("Its namespace; that of the resource that names it without one.")
        @Nullable String namespace) {

  /** Its namespace, seen from a resource in the given one. */
  public String namespaceOr(String own) {
    return namespace == null || namespace.isEmpty() ? own : namespace;
  }
}
