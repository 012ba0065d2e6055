// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.KernelReason;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the state of a kernel's Pod means to the kernel's user.
 *
 * @param message one sentence that says what is waited for, or why there is nothing to wait for
 */
record PodObservation(
    Stage stage, KernelReason reason, String message, @Nullable Integer exitCode) {

  /** A registry that cannot be reached for a moment does not end a kernel. */
  static final Duration PULL_IN_VAIN = Duration.ofSeconds(20);

  /**
   * Reads a Pod.
   *
   * @param nodes of the cluster, which tell whether the Pod could ever be placed; none where they
   *     are not known
   * @param now tells how long an image is being pulled in vain
   */
  static PodObservation of(Pod pod, Collection<Node> nodes, Instant now) {
    PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
    String phase = Objects.requireNonNullElse(status.getPhase(), "Pending");
    boolean over = phase.equals("Failed") || phase.equals("Succeeded");
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      if (LeavingPod.canBeSaved(pod, nodes)) {
        return new PodObservation(
            Stage.RUNNING, KernelReason.LEAVING, LeavingPod.why(status, true).message(), null);
      }
      if (!over || LeavingPod.endedSinceAsked(pod)) {
        return LeavingPod.why(status, !NodeOfPod.isAway(pod, nodes));
      }
    }
    if (NodeOfPod.isGone(pod, nodes)) {
      return nodeGone();
    }
    return switch (phase) {
      case "Running" -> running(pod, status);
      case "Failed", "Succeeded" -> ended(pod, status);
      case "Unknown" -> nodeGone();
      default -> pending(pod, status, nodes, now);
    };
  }

  /** A Pod that is not there any more, though nobody of ours removed it. */
  static PodObservation gone() {
    return ended(KernelReason.POD_DELETED, "The kernel's Pod was deleted by somebody.");
  }

  /** No Pod, as it was wished. */
  static PodObservation stopped() {
    return new PodObservation(Stage.STOPPED, KernelReason.STOPPED, "The kernel has no Pod.", null);
  }

  /** No Pod, and the variables are kept. */
  static PodObservation asleep() {
    return new PodObservation(
        Stage.HIBERNATED,
        KernelReason.HIBERNATED,
        "The kernel hibernates: its variables are saved, and the next cell wakes it.",
        null);
  }

  /** Whether the Pod can never run, so that it must not go on holding what it was given. */
  boolean isHopeless(Pod pod) {
    return stage == Stage.ENDED
        && pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus() != null
        && "Pending".equals(pod.getStatus().getPhase());
  }

  static PodObservation ended(KernelReason reason, String message) {
    return new PodObservation(Stage.ENDED, reason, message, null);
  }

  static PodObservation nodeGone() {
    return ended(
        KernelReason.NODE_GONE, "The node that the kernel ran on is gone, its variables with it.");
  }

  static String orElse(@Nullable String text, String other) {
    return text == null || text.isBlank() ? other : text.strip();
  }

  private static PodObservation running(Pod pod, PodStatus status) {
    Optional<ContainerStateTerminated> terminated =
        first(status).map(ContainerStatus::getState).map(ContainerState::getTerminated);
    return terminated.isPresent()
        ? ContainerEnd.of(pod, terminated.get())
        : new PodObservation(Stage.RUNNING, KernelReason.RUNNING, "The kernel's Pod runs.", null);
  }

  static Optional<ContainerStatus> first(PodStatus status) {
    List<ContainerStatus> all = status.getContainerStatuses();
    return all == null || all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
  }

  private static PodObservation ended(Pod pod, PodStatus status) {
    String said = orElse(status.getMessage(), "no reason is given");
    return switch (Objects.requireNonNullElse(status.getReason(), "")) {
      case "Evicted" ->
          ended(KernelReason.EVICTED, "The kernel was evicted from its node: " + said);
      case "NodeLost", "NodeShutdown", "Terminated" -> nodeGone();
      default ->
          first(status)
              .map(ContainerStatus::getState)
              .map(ContainerState::getTerminated)
              .map(state -> ContainerEnd.of(pod, state))
              // The kubelet refused the Pod that the scheduler gave it, so nothing ever ran.
              .orElseGet(() ->
                  ended(KernelReason.POD_REFUSED, "The node refused the kernel's Pod: " + said));
    };
  }

  private static PodObservation pending(
      Pod pod, PodStatus status, Collection<Node> nodes, Instant now) {
    Optional<ContainerStateWaiting> waiting =
        first(status).map(ContainerStatus::getState).map(ContainerState::getWaiting);
    if (waiting.isPresent() && waiting.get().getReason() != null) {
      return waiting(pod, waiting.get(), now);
    }
    PodCondition scheduled = condition(status, "PodScheduled");
    if (scheduled != null && "False".equals(scheduled.getStatus())) {
      return unscheduled(pod, scheduled, nodes);
    }
    return scheduled != null && "True".equals(scheduled.getStatus())
        ? new PodObservation(
            Stage.STARTING,
            KernelReason.STARTING,
            "The kernel's Pod is on a node and starts.",
            null)
        : new PodObservation(Stage.SCHEDULING, KernelReason.WAITING, "A node is looked for.", null);
  }

  static @Nullable PodCondition condition(PodStatus status, String type) {
    if (status.getConditions() == null) {
      return null;
    }
    return status.getConditions().stream()
        .filter(each -> type.equals(each.getType()))
        .findFirst()
        .orElse(null);
  }

  private static PodObservation waiting(Pod pod, ContainerStateWaiting waiting, Instant now) {
    String image = pod.getSpec().getContainers().getFirst().getImage();
    String said = orElse(waiting.getMessage(), waiting.getReason());
    return switch (waiting.getReason()) {
      case "ErrImageNeverPull" -> imageMissing(Stage.ENDED, image, said);
      case "ErrImagePull", "ImagePullBackOff", "RegistryUnavailable" ->
          imageMissing(
              isFinal(said) || isOverdue(pod, now) ? Stage.ENDED : Stage.PULLING_IMAGE,
              image,
              said);
      case "InvalidImageName" ->
          ended(
              KernelReason.IMAGE_INVALID,
              "%s is no name of an image; mend it in the JupyterKernelSpec and restart the kernel."
                  .formatted(image));
      case "CreateContainerConfigError" ->
          said.contains("not found")
              ? new PodObservation(
                  Stage.STARTING,
                  KernelReason.CONFIG_MISSING,
                  "The kernel waits for what its Pod refers to: " + said,
                  null)
              : ended(
                  KernelReason.CONFIG_MISSING, "The kernel's container cannot be made: " + said);
      case "CreateContainerError", "RunContainerError" ->
          ended(KernelReason.CONFIG_MISSING, "The kernel's container cannot be made: " + said);
      default ->
          new PodObservation(
              Stage.STARTING, KernelReason.STARTING, "The kernel's container is being made.", null);
    };
  }

  private static PodObservation imageMissing(Stage stage, String image, String said) {
    return new PodObservation(
        stage,
        KernelReason.IMAGE_MISSING,
        (stage == Stage.ENDED
                ? "The image %s cannot be pulled; mend its name in the JupyterKernelSpec, or its"
                    + " registry, and restart the kernel: %s"
                : "The image %s cannot be pulled yet: %s")
            .formatted(image, NodeWords.of(said)),
        null);
  }

  /** What a registry says when asking again does not help. */
  private static boolean isFinal(String said) {
    return Stream.of(
            "not found", "manifest unknown", "denied", "unauthorized", "no match for platform")
        .anyMatch(said.toLowerCase(Locale.ROOT)::contains);
  }

  private static boolean isOverdue(Pod pod, Instant now) {
    String since = pod.getStatus().getStartTime();
    return since != null && Instant.parse(since).plus(PULL_IN_VAIN).isBefore(now);
  }

  private static PodObservation unscheduled(
      Pod pod, PodCondition scheduled, Collection<Node> nodes) {
    Map<String, Quantity> asked = PodRequests.of(pod);
    Optional<String> never = nodes.isEmpty() ? Optional.empty() : moreThanAnyNodeHas(asked, nodes);
    if (never.isPresent()) {
      return new PodObservation(
          Stage.ENDED, KernelReason.TOO_LARGE_FOR_ANY_NODE, never.get(), null);
    }
    String said = Objects.requireNonNullElse(scheduled.getMessage(), "no node is free");
    String scarce =
        asked.entrySet().stream()
            .filter(each -> said.contains("Insufficient " + each.getKey()))
            .findFirst()
            .map(each -> scarce(each.getKey(), each.getValue(), nodes.size()))
            .orElse("Waiting for a node: " + said);
    return new PodObservation(Stage.SCHEDULING, KernelReason.WAITING_FOR_RESOURCES, scarce, null);
  }

  private static String scarce(String resource, Quantity amount, int nodes) {
    return "Waiting for %s: 0 of %d nodes have %s free."
        .formatted(resource, nodes, amount.toString().equals("1") ? "one" : amount);
  }

  private static Optional<String> moreThanAnyNodeHas(
      Map<String, Quantity> asked, Collection<Node> nodes) {
    for (Map.Entry<String, Quantity> each : asked.entrySet()) {
      Quantity most =
          nodes.stream()
              .map(node -> allocatable(node, each.getKey()))
              .max(PodObservation::compare)
              .orElseThrow();
      if (compare(each.getValue(), most) > 0) {
        return Optional.of(
            "The kernel asks for %s of %s, and no node has more than %s. Ask for less."
                .formatted(each.getValue(), each.getKey(), readable(most)));
      }
    }
    return Optional.empty();
  }

  /** Nodes count their memory in Ki, which nobody else does. */
  private static String readable(Quantity amount) {
    return "Ki".equals(amount.getFormat())
        ? "%.1fGi".formatted(amount.getNumericalAmount().doubleValue() / (1 << 30))
        : amount.toString();
  }

  private static Quantity allocatable(Node node, String resource) {
    return node.getStatus() == null || node.getStatus().getAllocatable() == null
        ? new Quantity("0")
        : node.getStatus().getAllocatable().getOrDefault(resource, new Quantity("0"));
  }

  private static int compare(Quantity one, Quantity other) {
    return one.getNumericalAmount().compareTo(other.getNumericalAmount());
  }
}
