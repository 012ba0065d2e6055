// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a Deployment's state means for the resource that it was made for. */
public record DeploymentState(boolean ready, String reason, String message) {

  public static DeploymentState of(Deployment deployment) {
    DeploymentStatus status =
        Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
    boolean current =
        Objects.equals(status.getObservedGeneration(), deployment.getMetadata().getGeneration());
    if (current && Objects.requireNonNullElse(status.getReadyReplicas(), 0) > 0) {
      return new DeploymentState(true, "Running", "Requests are answered.");
    }
    String trouble = failure(status);
    return trouble == null
        ? new DeploymentState(false, "Starting", "The Deployment's Pod does not answer yet.")
        : new DeploymentState(false, "PodRefused", trouble);
  }

  private static @Nullable String failure(DeploymentStatus status) {
    if (status.getConditions() == null) {
      return null;
    }
    return status.getConditions().stream()
        .filter(each -> "ReplicaFailure".equals(each.getType()))
        .filter(each -> "True".equals(each.getStatus()))
        .map(DeploymentCondition::getMessage)
        .findFirst()
        .orElse(null);
  }
}
