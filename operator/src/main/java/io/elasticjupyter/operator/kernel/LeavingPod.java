// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.KernelReason;
import io.elasticjupyter.api.KernelStatus;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Pod that the cluster, or somebody with a right to it, wants to go: because its node is drained,
 * or another of higher priority needs the place. It runs on for its time of grace, since the first
 * process of a Pod takes no SIGTERM, and its gateway saves its variables in that time.
 */
final class LeavingPod {

  /** How long the Pod of a gateway's kernel runs on when it is to go. */
  static final Duration GRACE = Duration.ofSeconds(30);

  /** How long one may that nobody waits for. */
  static final Duration SHORT_GRACE = Duration.ofSeconds(1);

  private static final Duration ENOUGH_TO_SAVE = Duration.ofSeconds(5);

  private LeavingPod() {}

  /** Whether it runs on, for longer than a moment. */
  static boolean canBeSaved(Pod pod, Collection<Node> nodes) {
    return "Running".equals(pod.getStatus() == null ? null : pod.getStatus().getPhase())
        && terminated(pod).isEmpty()
        && mayStayLongerThan(ENOUGH_TO_SAVE, pod)
        && !NodeOfPod.isAway(pod, nodes);
  }

  /** Whether nobody asked it to go yet, or it has more time than that for it. */
  static boolean mayStayLongerThan(Duration grace, Pod pod) {
    Long given = pod.getMetadata().getDeletionGracePeriodSeconds();
    return pod.getMetadata().getDeletionTimestamp() == null
        || (given != null && given > grace.toSeconds());
  }

  /** Whether its kernel ended because the Pod was to go, and not of itself before. */
  static boolean endedSinceAsked(Pod pod) {
    Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
    Optional<String> ended = terminated(pod).map(ContainerStateTerminated::getFinishedAt);
    return grace != null
        && ended.isPresent()
        && !Instant.parse(ended.get())
            .isBefore(Instant.parse(pod.getMetadata().getDeletionTimestamp()).minusSeconds(grace));
  }

  private static Optional<ContainerStateTerminated> terminated(Pod pod) {
    return Optional.ofNullable(pod.getStatus())
        .flatMap(PodObservation::first)
        .map(ContainerStatus::getState)
        .map(ContainerState::getTerminated);
  }

  /** Kubernetes says by a condition why it deletes a Pod that nobody asked it to delete. */
  static PodObservation why(PodStatus status, boolean nodeIsThere) {
    PodCondition disrupted = PodObservation.condition(status, "DisruptionTarget");
    if (disrupted == null || !"True".equals(disrupted.getStatus())) {
      return PodObservation.gone();
    }
    String reason = Objects.requireNonNullElse(disrupted.getReason(), "");
    if (reason.equals("DeletionByPodGC")
        || (reason.equals("DeletionByTaintManager") && !nodeIsThere)) {
      return PodObservation.nodeGone();
    }
    return PodObservation.ended(
        KernelReason.EVICTED,
        reason.equals("PreemptionByScheduler")
            ? "The kernel had to give way to a Pod of higher priority."
            : "The kernel was evicted from its node: "
                + PodObservation.orElse(disrupted.getMessage(), "by the cluster"));
  }

  /** A Pod that is not there any more; why it was to go is known from before. */
  static PodObservation gone(@Nullable KernelStatus before) {
    PodObservation gone = PodObservation.gone();
    return before != null
            && before.reason() == KernelReason.LEAVING
            && !gone.message().equals(before.message())
        ? PodObservation.ended(
            KernelReason.EVICTED, Objects.requireNonNullElse(before.message(), ""))
        : gone;
  }
}
