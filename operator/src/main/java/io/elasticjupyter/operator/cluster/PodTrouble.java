// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Why the Pod of a gateway or a notebook does not come up. Unlike a kernel's it is tried for ever,
 * so this is told and nothing is ended.
 *
 * @param reason one word, the kubelet's where it has one
 * @param message what keeps it from running, and where to mend it
 */
record PodTrouble(String reason, String message) {

  static final String INITIALIZING = "Initializing";

  private static final Set<String> ORDINARY = Set.of("ContainerCreating", "PodInitializing");

  /** Empty for a Pod that runs, or comes up as any other does. */
  static Optional<PodTrouble> of(Pod pod) {
    if (pod.getStatus() == null || pod.getMetadata().getDeletionTimestamp() != null) {
      return Optional.empty();
    }
    return unscheduled(pod)
        .or(() ->
            Stream.concat(before(pod), containers(pod))
                .map(container -> waiting(pod, container))
                .flatMap(Optional::stream)
                .findFirst())
        .or(() -> before(pod).map(PodTrouble::running).flatMap(Optional::stream).findFirst());
  }

  private static Stream<ContainerStatus> before(Pod pod) {
    return Objects.requireNonNullElse(
        pod.getStatus().getInitContainerStatuses(), List.<ContainerStatus>of())
        .stream();
  }

  private static Stream<ContainerStatus> containers(Pod pod) {
    return Objects.requireNonNullElse(
        pod.getStatus().getContainerStatuses(), List.<ContainerStatus>of())
        .stream();
  }

  private static Optional<PodTrouble> running(ContainerStatus before) {
    return before.getState() == null || before.getState().getRunning() == null
        ? Optional.empty()
        : Optional.of(
            new PodTrouble(
                INITIALIZING,
                "The container %s runs before it and has not ended; its log says why."
                    .formatted(before.getName())));
  }

  private static Optional<PodTrouble> unscheduled(Pod pod) {
    return Objects.requireNonNullElse(pod.getStatus().getConditions(), List.<PodCondition>of())
        .stream()
        .filter(each -> "PodScheduled".equals(each.getType()) && "False".equals(each.getStatus()))
        .map(each -> new PodTrouble("Unschedulable", "It waits for a node: " + each.getMessage()))
        .findFirst();
  }

  private static Optional<PodTrouble> waiting(Pod pod, ContainerStatus container) {
    ContainerState state = container.getState();
    ContainerStateWaiting waiting = state == null ? null : state.getWaiting();
    if (waiting == null || waiting.getReason() == null || ORDINARY.contains(waiting.getReason())) {
      return Optional.empty();
    }
    String image =
        Stream.concat(
                pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
            .filter(each -> each.getName().equals(container.getName()))
            .map(Container::getImage)
            .findFirst()
            .orElse("");
    return Optional.of(
        new PodTrouble(
            waiting.getReason(),
            "The container %s does not run with image %s: %s"
                .formatted(container.getName(), image, why(container, waiting))));
  }

  private static String why(ContainerStatus container, ContainerStateWaiting waiting) {
    ContainerState last = container.getLastState();
    ContainerStateTerminated ended = last == null ? null : last.getTerminated();
    if (ended != null) {
      String said = Objects.requireNonNullElse(ended.getMessage(), "").strip();
      return "it ended with exit code %d%s"
          .formatted(ended.getExitCode(), said.isEmpty() ? ", see its log." : ": " + said);
    }
    return Objects.requireNonNullElse(waiting.getMessage(), waiting.getReason());
  }
}
