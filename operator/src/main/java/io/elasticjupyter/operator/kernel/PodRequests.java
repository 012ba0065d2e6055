// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a Pod asks for, and so holds while it is there. Pure. */
final class PodRequests {

  private PodRequests() {}

  /** All its containers together, by resource. */
  static Map<String, Quantity> of(Pod pod) {
    Map<String, Quantity> asked = new TreeMap<>();
    for (Container each : pod.getSpec().getContainers()) {
      if (each.getResources() != null) {
        // The API server has filled in requests from limits.
        Objects.requireNonNullElse(each.getResources().getRequests(), Map.<String, Quantity>of())
            .forEach((name, amount) -> asked.merge(name, amount, Quantity::add));
      }
    }
    return asked;
  }

  /**
   * The same as texts, for a status; null where it is nothing, since of a map that becomes empty a
   * server-side apply makes a null that no schema takes.
   */
  static @Nullable Map<String, String> texts(Pod pod) {
    Map<String, String> texts = new TreeMap<>();
    of(pod).forEach((name, amount) -> texts.put(name, amount.toString()));
    return texts.isEmpty() ? null : texts;
  }
}
