// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The condition Ready, which every resource of ours has. */
public final class Conditions {

  private static final String READY = "Ready";

  private Conditions() {}

  /**
   * The list of conditions with Ready in it; its time of transition is kept while its status is the
   * same, as the conventions of Kubernetes ask for.
   *
   * @param before the resource's conditions so far
   */
  public static List<Condition> ready(
      boolean ready,
      String reason,
      String message,
      HasMetadata resource,
      @Nullable List<Condition> before,
      Instant now) {
    String status = ready ? "True" : "False";
    String since = now.truncatedTo(ChronoUnit.SECONDS).toString();
    if (before != null) {
      for (Condition each : before) {
        if (READY.equals(each.getType()) && status.equals(each.getStatus())) {
          since = each.getLastTransitionTime();
        }
      }
    }
    return List.of(
        new ConditionBuilder()
            .withType(READY)
            .withStatus(status)
            .withReason(reason)
            .withMessage(message)
            .withObservedGeneration(resource.getMetadata().getGeneration())
            .withLastTransitionTime(since)
            .build());
  }

  /** The condition Ready, if it was ever written. */
  public static @Nullable Condition ready(@Nullable List<Condition> conditions) {
    if (conditions == null) {
      return null;
    }
    return conditions.stream()
        .filter(each -> READY.equals(each.getType()))
        .findFirst()
        .orElse(null);
  }
}
