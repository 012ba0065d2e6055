// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.KernelReason;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the state of a kernel's Pod means to the kernel's user.
 *
 * @param message one sentence that says what is waited for, or why there is nothing to wait for
 */
record PodObservation(
    Stage stage, KernelReason reason, String message, @Nullable Integer exitCode) {

  private static final int SIGNAL_KILL = 137;

  /** Reads a Pod; the nodes tell whether it could ever be placed. */
  static PodObservation of(Pod pod, Collection<Node> nodes) {
    PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return new PodObservation(
          Stage.ENDED,
          KernelReason.POD_DELETED,
          "The kernel's Pod is being deleted; its variables are gone.",
          null);
    }
    String phase = Objects.requireNonNullElse(status.getPhase(), "Pending");
    return switch (phase) {
      case "Running" -> running(status);
      case "Failed", "Succeeded" -> ended(status);
      case "Unknown" ->
          new PodObservation(
              Stage.ENDED,
              KernelReason.NODE_GONE,
              "The node that the kernel ran on does not answer any more; its variables are gone.",
              null);
      default -> pending(pod, status, nodes);
    };
  }

  private static PodObservation running(PodStatus status) {
    Optional<ContainerStateTerminated> terminated =
        first(status).map(ContainerStatus::getState).map(ContainerState::getTerminated);
    return terminated.isPresent()
        ? terminated(terminated.get())
        : new PodObservation(Stage.RUNNING, KernelReason.RUNNING, "The kernel's Pod runs.", null);
  }

  private static Optional<ContainerStatus> first(PodStatus status) {
    List<ContainerStatus> all = status.getContainerStatuses();
    return all == null || all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
  }

  private static PodObservation ended(PodStatus status) {
    if ("Evicted".equals(status.getReason())) {
      return new PodObservation(
          Stage.ENDED,
          KernelReason.EVICTED,
          "The kernel was evicted from its node: "
              + Objects.requireNonNullElse(status.getMessage(), "the node ran short of something"),
          null);
    }
    if ("NodeLost".equals(status.getReason()) || "NodeShutdown".equals(status.getReason())) {
      return new PodObservation(
          Stage.ENDED,
          KernelReason.NODE_GONE,
          "The node that the kernel ran on is gone; its variables are gone.",
          null);
    }
    return first(status)
        .map(ContainerStatus::getState)
        .map(ContainerState::getTerminated)
        .map(PodObservation::terminated)
        .orElseGet(() ->
            new PodObservation(
                Stage.ENDED,
                KernelReason.EXITED,
                "The kernel's Pod ended"
                    + (status.getMessage() == null ? "." : ": " + status.getMessage()),
                null));
  }

  private static PodObservation terminated(ContainerStateTerminated state) {
    int code = Objects.requireNonNullElse(state.getExitCode(), 0);
    if ("OOMKilled".equals(state.getReason())) {
      return new PodObservation(
          Stage.ENDED,
          KernelReason.OUT_OF_MEMORY,
          "The kernel used more memory than its limit allows and was killed.",
          code);
    }
    if (state.getReason() != null
        && (state.getReason().equals("StartError")
            || state.getReason().equals("ContainerCannotRun"))) {
      return new PodObservation(
          Stage.ENDED,
          KernelReason.IMAGE_INVALID,
          "The kernel's command cannot be started in its image: "
              + Objects.requireNonNullElse(state.getMessage(), state.getReason()),
          code);
    }
    String detail = code == SIGNAL_KILL ? "was killed (signal 9)" : "ended with exit code " + code;
    return new PodObservation(
        Stage.ENDED, KernelReason.EXITED, "The kernel's container " + detail + ".", code);
  }

  private static PodObservation pending(Pod pod, PodStatus status, Collection<Node> nodes) {
    Optional<ContainerStateWaiting> waiting =
        first(status).map(ContainerStatus::getState).map(ContainerState::getWaiting);
    if (waiting.isPresent() && waiting.get().getReason() != null) {
      return waiting(pod, waiting.get());
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

  private static @Nullable PodCondition condition(PodStatus status, String type) {
    if (status.getConditions() == null) {
      return null;
    }
    return status.getConditions().stream()
        .filter(each -> type.equals(each.getType()))
        .findFirst()
        .orElse(null);
  }

  private static PodObservation waiting(Pod pod, ContainerStateWaiting waiting) {
    String image = pod.getSpec().getContainers().getFirst().getImage();
    String said = Objects.requireNonNullElse(waiting.getMessage(), waiting.getReason());
    return switch (waiting.getReason()) {
      case "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "RegistryUnavailable" ->
          new PodObservation(
              Stage.ENDED,
              KernelReason.IMAGE_MISSING,
              "The image %s cannot be pulled: %s".formatted(image, said),
              null);
      case "InvalidImageName" ->
          new PodObservation(
              Stage.ENDED,
              KernelReason.IMAGE_INVALID,
              "%s is no name of an image.".formatted(image),
              null);
      case "CreateContainerConfigError", "CreateContainerError", "RunContainerError" ->
          new PodObservation(
              Stage.ENDED,
              KernelReason.CONFIG_MISSING,
              "The kernel's container cannot be made: " + said,
              null);
      default ->
          new PodObservation(
              Stage.PULLING_IMAGE,
              KernelReason.STARTING,
              "The image %s is made ready on the node.".formatted(image),
              null);
    };
  }

  private static PodObservation unscheduled(
      Pod pod, PodCondition scheduled, Collection<Node> nodes) {
    Map<String, Quantity> asked = asked(pod);
    Optional<String> never = nodes.isEmpty() ? Optional.empty() : moreThanAnyNodeHas(asked, nodes);
    if (never.isPresent()) {
      return new PodObservation(
          Stage.ENDED, KernelReason.TOO_LARGE_FOR_ANY_NODE, never.get(), null);
    }
    String said = Objects.requireNonNullElse(scheduled.getMessage(), "no node is free");
    String scarce =
        asked.keySet().stream()
            .filter(resource -> said.contains("Insufficient " + resource))
            .findFirst()
            .map(resource ->
                "Waiting for %s: 0 of %d nodes have %s free."
                    .formatted(resource, nodes.size(), asked.get(resource)))
            .orElse("Waiting for a node: " + said);
    return new PodObservation(Stage.SCHEDULING, KernelReason.WAITING_FOR_RESOURCES, scarce, null);
  }

  private static Map<String, Quantity> asked(Pod pod) {
    Map<String, Quantity> asked = new TreeMap<>();
    for (Container each : pod.getSpec().getContainers()) {
      if (each.getResources() != null) {
        // The API server fills in requests from limits.
        Objects.requireNonNullElse(each.getResources().getRequests(), Map.<String, Quantity>of())
            .forEach((name, amount) -> asked.merge(name, amount, Quantity::add));
      }
    }
    return asked;
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
                .formatted(each.getValue(), each.getKey(), most));
      }
    }
    return Optional.empty();
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
