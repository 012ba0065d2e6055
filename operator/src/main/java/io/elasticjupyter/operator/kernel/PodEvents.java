// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.KernelReason;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.fabric8.kubernetes.api.model.Event;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a container that is being made is not there yet. A Pod's status says nothing of an image that
 * is being pulled or a Secret that cannot be mounted; the kubelet notes it in events.
 */
final class PodEvents {

  private PodEvents() {}

  /** The observation, told more exactly where the latest event allows it. */
  static PodObservation explain(PodObservation seen, List<Event> events) {
    Optional<Event> latest = events.stream().max(Comparator.comparing(PodEvents::time));
    return latest.map(event -> explain(seen, event)).orElse(seen);
  }

  private static String time(Event event) {
    return Objects.requireNonNullElse(
        event.getLastTimestamp(),
        Objects.requireNonNullElse(event.getMetadata().getCreationTimestamp(), ""));
  }

  private static PodObservation explain(PodObservation seen, Event event) {
    String said = Objects.requireNonNullElse(event.getMessage(), "");
    return switch (Objects.requireNonNullElse(event.getReason(), "")) {
      case "Pulling" ->
          new PodObservation(
              Stage.PULLING_IMAGE,
              KernelReason.STARTING,
              "The node pulls the image: " + said,
              null);
      case "FailedMount", "FailedAttachVolume" ->
          new PodObservation(
              Stage.STARTING,
              KernelReason.CONFIG_MISSING,
              "The kernel waits for what its Pod refers to: " + said,
              null);
      case "FailedCreatePodSandBox" ->
          new PodObservation(
              Stage.STARTING,
              KernelReason.STARTING,
              "The node cannot make the Pod yet: " + said,
              null);
      default -> seen;
    };
  }
}
