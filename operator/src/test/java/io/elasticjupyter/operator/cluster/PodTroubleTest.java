// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PodTroubleTest {

  @Test
  void aPodThatComesUpIsNoTrouble() {
    assertThat(PodTrouble.of(waiting("ContainerCreating", null))).isEmpty();
    assertThat(PodTrouble.of(new PodBuilder().withNewMetadata().endMetadata().build())).isEmpty();
  }

  @Test
  void anImageThatIsNotThereIsNamed() {
    assertThat(PodTrouble.of(waiting("ErrImagePull", "not found")))
        .contains(
            new PodTrouble(
                "ErrImagePull", "The container gateway does not run with image a:1: not found"));
  }

  @Test
  void aContainerThatEndsAgainAndAgainSaysWhatItSaidLast() {
    Pod pod =
        new PodBuilder(waiting("CrashLoopBackOff", "back-off 10s restarting"))
            .editStatus()
            .editFirstContainerStatus()
            .withNewLastState()
            .withNewTerminated()
            .withExitCode(127)
            .withMessage("exec gateway failed: No such file or directory\n")
            .endTerminated()
            .endLastState()
            .endContainerStatus()
            .endStatus()
            .build();

    assertThat(PodTrouble.of(pod).map(PodTrouble::message))
        .contains(
            "The container gateway does not run with image a:1: it ended with exit code 127: exec"
                + " gateway failed: No such file or directory");
  }

  @Test
  void aPodWithoutANodeWaits() {
    Pod pod =
        new PodBuilder(waiting("ContainerCreating", null))
            .editStatus()
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withMessage("0/1 nodes are available: 1 Insufficient memory.")
            .endCondition()
            .endStatus()
            .build();

    assertThat(PodTrouble.of(pod))
        .contains(
            new PodTrouble(
                "Unschedulable",
                "It waits for a node: 0/1 nodes are available: 1 Insufficient memory."));
  }

  @Test
  void whatRunsBeforeItIsNamed() {
    assertThat(PodTrouble.of(before("running", null)))
        .contains(
            new PodTrouble(
                "Initializing",
                "The container await runs before it and has not ended; its log says why."));
    assertThat(PodTrouble.of(before("ImagePullBackOff", "Back-off pulling")))
        .contains(
            new PodTrouble(
                "ImagePullBackOff",
                "The container await does not run with image b:2: Back-off pulling"));
    assertThat(PodTrouble.of(before("PodInitializing", null))).isEmpty();
  }

  private static Pod before(String state, @Nullable String message) {
    return new PodBuilder(waiting("PodInitializing", null))
        .editSpec()
        .addNewInitContainer()
        .withName("await")
        .withImage("b:2")
        .endInitContainer()
        .endSpec()
        .editStatus()
        .addNewInitContainerStatus()
        .withName("await")
        .withState(
            "running".equals(state)
                ? new ContainerStateBuilder().withNewRunning().endRunning().build()
                : new ContainerStateBuilder()
                    .withNewWaiting()
                    .withReason(state)
                    .withMessage(message)
                    .endWaiting()
                    .build())
        .endInitContainerStatus()
        .endStatus()
        .build();
  }

  private static Pod waiting(String reason, @Nullable String message) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("gateway-1")
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("gateway")
        .withImage("a:1")
        .endContainer()
        .endSpec()
        .withNewStatus()
        .addNewContainerStatus()
        .withName("gateway")
        .withNewState()
        .withNewWaiting()
        .withReason(reason)
        .withMessage(message)
        .endWaiting()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
