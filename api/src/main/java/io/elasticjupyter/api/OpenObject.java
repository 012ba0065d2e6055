// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.HashMap;
import java.util.Map;

/**
 * The schema of a Pod template in our resources: any object, kept whole. The API server would
 * silently drop every field of Pods that is newer than the schema it was given.
 */
public final class OpenObject {

  private final Map<String, Object> fields = new HashMap<>();

  @JsonAnyGetter
  public Map<String, Object> fields() {
    return fields;
  }

  @JsonAnySetter
  public void set(String name, Object value) {
    fields.put(name, value);
  }
}
