// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.api.KernelReason;
import io.elasticjupyter.api.KernelStatus;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeavingPodTest {

  private static final Instant NOW = Instant.parse("2026-11-28T12:00:01Z");

  private static Pod pod(long grace, String reason, String container) {
    return Serialization.unmarshal(
        """
        metadata: {name: kernel, deletionTimestamp: "2026-11-28T12:01:00Z", deletionGracePeriodSeconds: %d}
        spec: {nodeName: node}
        status:
          phase: Running
          conditions: [{type: DisruptionTarget, status: "True", reason: %s, message: "said so"}]
          containerStatuses: [{state: %s}]
        """
            .formatted(grace, reason, container),
        Pod.class);
  }

  private static List<Node> node(String ready) {
    return List.of(
        Serialization.unmarshal(
            "metadata: {name: node}\nstatus: {conditions: [{type: Ready, status: \"%s\"}]}"
                .formatted(ready),
            Node.class));
  }

  private static final String RUNS = "{running: {}}";

  @Test
  void aPodThatHasTimeLeftRunsOnAndSaysWhyItGoes() {
    PodObservation seen =
        PodObservation.of(pod(60, "EvictionByEvictionAPI", RUNS), node("True"), NOW);

    assertThat(seen)
        .returns(Stage.RUNNING, PodObservation::stage)
        .returns(KernelReason.LEAVING, PodObservation::reason)
        .returns("The kernel was evicted from its node: said so", PodObservation::message);
  }

  @Test
  void aTaintIsNoLossOfTheNodeWhileThatIsThere() {
    Pod pod = pod(60, "DeletionByTaintManager", RUNS);

    assertThat(PodObservation.of(pod, node("True"), NOW).message()).contains("evicted");
    assertThat(PodObservation.of(pod, node("Unknown"), NOW))
        .returns(Stage.ENDED, PodObservation::stage)
        .returns(KernelReason.NODE_GONE, PodObservation::reason);
  }

  @Test
  void aPodWithoutTimeIsAsGoodAsGone() {
    assertThat(PodObservation.of(pod(1, "PreemptionByScheduler", RUNS), node("True"), NOW))
        .returns(Stage.ENDED, PodObservation::stage)
        .returns(KernelReason.EVICTED, PodObservation::reason);
  }

  /** As of an image whose first process passes the signal on. */
  @Test
  void aKernelThatTheSignalEndedDidNotEndOfItself() {
    String ended = "{terminated: {exitCode: 143, finishedAt: \"2026-11-28T12:00:00Z\"}}";
    String before = "{terminated: {exitCode: 3, finishedAt: \"2026-11-28T11:59:00Z\"}}";

    assertThat(
            PodObservation.of(pod(60, "EvictionByEvictionAPI", ended), node("True"), NOW).reason())
        .isEqualTo(KernelReason.EVICTED);
    Pod failed = pod(60, "EvictionByEvictionAPI", before);
    failed.getStatus().setPhase("Failed");
    assertThat(PodObservation.of(failed, node("True"), NOW).reason())
        .isEqualTo(KernelReason.EXITED);
  }

  @Test
  void whyItWentIsRememberedWhenItIsNotThereAnyMore() {
    KernelStatus before =
        Serialization.unmarshal(
            "reason: Leaving\nmessage: It had to give way.", KernelStatus.class);

    assertThat(LeavingPod.gone(before))
        .returns(KernelReason.EVICTED, PodObservation::reason)
        .returns("It had to give way.", PodObservation::message);
    assertThat(LeavingPod.gone(null).reason()).isEqualTo(KernelReason.POD_DELETED);
  }
}
