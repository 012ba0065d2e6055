// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.KernelReason;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Objects;
import java.util.Optional;

/** Why a kernel's container ended, in words for the kernel's user. */
final class ContainerEnd {

  private static final int SIGNAL_KILL = 137;

  /** What of a container's output is told, in characters. */
  private static final int LONGEST_OUTPUT = 600;

  private ContainerEnd() {}

  static PodObservation of(Pod pod, ContainerStateTerminated state) {
    int code = Objects.requireNonNullElse(state.getExitCode(), 0);
    if ("OOMKilled".equals(state.getReason())) {
      return new PodObservation(
          Stage.ENDED,
          KernelReason.OUT_OF_MEMORY,
          "The kernel used more memory than its limit%s allows and was killed."
              .formatted(memoryLimit(pod)),
          code);
    }
    if (state.getReason() != null
        && (state.getReason().equals("StartError")
            || state.getReason().equals("ContainerCannotRun"))) {
      return new PodObservation(
          Stage.ENDED,
          KernelReason.IMAGE_INVALID,
          "The kernel's command cannot be started in its image, which lacks the program or needs"
              + " another spec.command in the JupyterKernelSpec: "
              + NodeWords.of(Objects.requireNonNullElse(state.getMessage(), state.getReason())),
          code);
    }
    String detail = code == SIGNAL_KILL ? "was killed (signal 9)" : "ended with exit code " + code;
    String said = endOf(Objects.requireNonNullElse(state.getMessage(), "").strip());
    return new PodObservation(
        Stage.ENDED,
        KernelReason.EXITED,
        "The kernel's container " + detail + (said.isEmpty() ? "." : ": " + said),
        code);
  }

  private static String memoryLimit(Pod pod) {
    ResourceRequirements resources = pod.getSpec().getContainers().getFirst().getResources();
    return resources == null || resources.getLimits() == null
        ? ""
        : Optional.ofNullable(resources.getLimits().get("memory"))
            .map(limit -> " of " + limit)
            .orElse("");
  }

  /** An error of Python has its reason in its last lines. */
  private static String endOf(String said) {
    return said.length() <= LONGEST_OUTPUT
        ? said
        : "…" + said.substring(said.length() - LONGEST_OUTPUT);
  }
}
