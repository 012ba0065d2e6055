// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a Deployment's state means for the resource that it was made for. */
public record DeploymentState(boolean ready, String reason, String message) {

  /** Nothing keeps its Pod from running, as far as anybody has told. */
  public static final String STARTING = "Starting";

  /** Its Pod runs what comes before its own containers. */
  public static final String INITIALIZING = PodTrouble.INITIALIZING;

  /** A Pod that does not start changes nothing in its Deployment, so it is looked at again. */
  public static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /**
   * Reads a Deployment, and where it has not what it should have, its Pods.
   *
   * @param deployment as the API server has it
   */
  public static DeploymentState of(Deployment deployment, KubernetesClient client) {
    DeploymentStatus status =
        Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
    boolean current =
        Objects.equals(status.getObservedGeneration(), deployment.getMetadata().getGeneration());
    if (current && Objects.requireNonNullElse(status.getReadyReplicas(), 0) > 0) {
      return new DeploymentState(true, "Running", "Requests are answered.");
    }
    String refused = failure(status);
    if (refused != null) {
      return new DeploymentState(false, "PodRefused", refused);
    }
    return podsOf(deployment, client).stream()
        .map(PodTrouble::of)
        .flatMap(Optional::stream)
        .findFirst()
        .map(trouble -> new DeploymentState(false, trouble.reason(), trouble.message()))
        .orElseGet(() ->
            new DeploymentState(false, STARTING, "The Deployment's Pod does not answer yet."));
  }

  private static List<Pod> podsOf(Deployment deployment, KubernetesClient client) {
    return client
        .pods()
        .inNamespace(deployment.getMetadata().getNamespace())
        .withLabelSelector(deployment.getSpec().getSelector())
        .list()
        .getItems();
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
