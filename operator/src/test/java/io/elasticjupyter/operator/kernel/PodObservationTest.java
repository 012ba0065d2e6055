// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.api.KernelReason;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PodObservationTest {

  private static final Instant STARTED = Instant.parse("2026-11-24T10:00:00Z");
  private static final Instant SOON = STARTED.plusSeconds(2);
  private static final String GPU = "nvidia.com/gpu";

  @Test
  void aRunningContainerIsARunningKernel() {
    Pod pod = pod("Running", new ContainerStateBuilder().withNewRunning().endRunning().build());

    assertThat(observe(pod))
        .returns(Stage.RUNNING, PodObservation::stage)
        .returns(KernelReason.RUNNING, PodObservation::reason);
  }

  @Test
  void aPodThatNobodyHasLookedAtIsBeingScheduled() {
    Pod pod = new PodBuilder().withNewMetadata().endMetadata().withNewSpec().endSpec().build();

    assertThat(observe(pod).stage()).isEqualTo(Stage.SCHEDULING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rpc error: code = NotFound: failed to resolve reference: a:1: not found",
        "manifest unknown",
        "pull access denied, repository does not exist or may require authorization",
        "unexpected status: 401 Unauthorized"
      })
  void anImageThatARegistryRefusesEndsTheKernelAtOnce(String said) {
    PodObservation seen = observe(waiting("ErrImagePull", said));

    assertThat(seen)
        .returns(Stage.ENDED, PodObservation::stage)
        .returns(KernelReason.IMAGE_MISSING, PodObservation::reason);
    assertThat(seen.message()).contains("a:1").contains(said);
  }

  @Test
  void aRegistryOutOfReachHasTwentySeconds() {
    Pod pod = waiting("ImagePullBackOff", "dial tcp: lookup registry: no such host");

    assertThat(observe(pod))
        .returns(Stage.PULLING_IMAGE, PodObservation::stage)
        .returns(KernelReason.IMAGE_MISSING, PodObservation::reason);
    Instant late = STARTED.plus(PodObservation.PULL_IN_VAIN).plusSeconds(1);
    assertThat(PodObservation.of(pod, List.of(), late).stage()).isEqualTo(Stage.ENDED);
  }

  @ParameterizedTest
  @CsvSource({
    "ErrImageNeverPull, ENDED, IMAGE_MISSING",
    "InvalidImageName, ENDED, IMAGE_INVALID",
    "CreateContainerError, ENDED, CONFIG_MISSING",
    "RunContainerError, ENDED, CONFIG_MISSING",
    "ContainerCreating, STARTING, STARTING",
    "PodInitializing, STARTING, STARTING"
  })
  void whatAContainerWaitsForIsTold(String word, Stage stage, KernelReason reason) {
    assertThat(observe(waiting(word, "said")))
        .returns(stage, PodObservation::stage)
        .returns(reason, PodObservation::reason);
  }

  @Test
  void aMissingSecretMayStillComeAndARefusedUserIsFinal() {
    assertThat(observe(waiting("CreateContainerConfigError", "secret \"x\" not found")))
        .returns(Stage.STARTING, PodObservation::stage)
        .returns(KernelReason.CONFIG_MISSING, PodObservation::reason);
    assertThat(
            observe(
                waiting(
                    "CreateContainerConfigError",
                    "container has runAsNonRoot and image will run as root")))
        .returns(Stage.ENDED, PodObservation::stage);
  }

  @Test
  void exitCodesAreKept() {
    PodObservation seen = observe(terminated("Failed", "Error", 3, "no module named ipykernel"));

    assertThat(seen)
        .returns(Stage.ENDED, PodObservation::stage)
        .returns(KernelReason.EXITED, PodObservation::reason)
        .returns(3, PodObservation::exitCode);
    assertThat(seen.message()).contains("exit code 3").contains("no module named ipykernel");
  }

  @Test
  void anEndWithoutErrorIsAnEndAsWell() {
    assertThat(observe(terminated("Succeeded", "Completed", 0, null)))
        .returns(Stage.ENDED, PodObservation::stage)
        .returns(KernelReason.EXITED, PodObservation::reason)
        .returns(0, PodObservation::exitCode);
  }

  @Test
  void anOutOfMemoryKillIsNoOrdinaryExit() {
    assertThat(observe(terminated("Failed", "OOMKilled", 137, null)))
        .returns(KernelReason.OUT_OF_MEMORY, PodObservation::reason)
        .returns(137, PodObservation::exitCode);
  }

  @Test
  void anOutOfMemoryKillNamesTheLimit() {
    Pod pod =
        new PodBuilder(terminated("Failed", "OOMKilled", 137, null))
            .editSpec()
            .editFirstContainer()
            .withNewResources()
            .addToLimits("memory", new Quantity("200Mi"))
            .endResources()
            .endContainer()
            .endSpec()
            .build();

    assertThat(observe(pod).message()).contains("its limit of 200Mi");
  }

  @Test
  void ofALongComplaintTheEndIsTold() {
    PodObservation seen =
        observe(
            terminated("Failed", "Error", 1, "x".repeat(2000) + "\nModuleNotFoundError: torch"));

    assertThat(seen.message()).endsWith("ModuleNotFoundError: torch").hasSizeLessThan(700);
  }

  @Test
  void aCommandThatIsNotInTheImageIsTheImagesFault() {
    assertThat(observe(terminated("Failed", "StartError", 128, "exec: \"x\": not found")))
        .returns(KernelReason.IMAGE_INVALID, PodObservation::reason);
  }

  @ParameterizedTest
  @CsvSource({
    "Evicted, EVICTED",
    "NodeShutdown, NODE_GONE",
    "NodeLost, NODE_GONE",
    "UnexpectedAdmissionError, POD_REFUSED",
    "OutOfcpu, POD_REFUSED"
  })
  void whatTheNodeDidIsTold(String word, KernelReason reason) {
    Pod pod =
        new PodBuilder(pod("Failed", null))
            .editStatus()
            .withReason(word)
            .withMessage("the node ran low on memory")
            .endStatus()
            .build();

    assertThat(observe(pod))
        .returns(Stage.ENDED, PodObservation::stage)
        .returns(reason, PodObservation::reason);
  }

  @Test
  void aPodThatSomebodyDeletesIsDeleted() {
    assertThat(observe(deleting(null)).reason()).isEqualTo(KernelReason.POD_DELETED);
  }

  @ParameterizedTest
  @CsvSource({
    "DeletionByTaintManager, EVICTED",
    "DeletionByPodGC, NODE_GONE",
    "EvictionByEvictionAPI, EVICTED",
    "PreemptionByScheduler, EVICTED"
  })
  void aPodThatTheClusterDeletesHasTheClustersReason(String word, KernelReason reason) {
    assertThat(observe(deleting(word)).reason()).isEqualTo(reason);
  }

  @Test
  void anEndedPodThatIsDeletedKeepsItsReason() {
    Pod pod =
        new PodBuilder(terminated("Failed", "OOMKilled", 137, null))
            .editMetadata()
            .withDeletionTimestamp(SOON.toString())
            .endMetadata()
            .build();

    assertThat(observe(pod).reason()).isEqualTo(KernelReason.OUT_OF_MEMORY);
  }

  @Test
  void aNodeThatDoesNotReportIsAway() {
    Pod pod = new PodBuilder(pod("Running", null)).editSpec().withNodeName("n").endSpec().build();

    assertThat(NodeOfPod.isAway(pod, List.of(node("other", "1")))).isTrue();
    assertThat(NodeOfPod.isAway(pod, List.of(reporting("Unknown")))).isTrue();
    assertThat(NodeOfPod.isAway(pod, List.of(reporting("True")))).isFalse();
    assertThat(NodeOfPod.isAway(pod, List.of())).as("nodes that may not be listed").isFalse();
  }

  private static Node reporting(String ready) {
    return new NodeBuilder(node("n", "1"))
        .editStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .endCondition()
        .endStatus()
        .build();
  }

  @Test
  void aNodeThatIsNotInTheClusterAnyMoreIsGone() {
    Pod pod =
        new PodBuilder(pod("Running", null)).editSpec().withNodeName("lost").endSpec().build();

    assertThat(PodObservation.of(pod, List.of(node("other", "1")), SOON).reason())
        .isEqualTo(KernelReason.NODE_GONE);
    assertThat(PodObservation.of(pod, List.of(node("lost", "1")), SOON).stage())
        .isEqualTo(Stage.RUNNING);
    assertThat(PodObservation.of(pod, List.of(), SOON).stage())
        .as("nodes that may not be listed")
        .isEqualTo(Stage.RUNNING);
  }

  @Test
  void aGpuThatOthersHaveIsWaitedFor() {
    PodObservation seen =
        PodObservation.of(
            unscheduled("1", "0/1 nodes are available: 1 Insufficient nvidia.com/gpu."),
            List.of(node("one", "1")),
            SOON);

    assertThat(seen)
        .returns(Stage.SCHEDULING, PodObservation::stage)
        .returns(KernelReason.WAITING_FOR_RESOURCES, PodObservation::reason)
        .returns(
            "Waiting for nvidia.com/gpu: 0 of 1 nodes have one free.", PodObservation::message);
  }

  @Test
  void moreGpusThanAnyNodeHasAreNeverGiven() {
    Pod pod = unscheduled("4", "0/2 nodes are available: 2 Insufficient nvidia.com/gpu.");
    PodObservation seen = PodObservation.of(pod, List.of(node("one", "1"), node("two", "2")), SOON);

    assertThat(seen)
        .returns(Stage.ENDED, PodObservation::stage)
        .returns(KernelReason.TOO_LARGE_FOR_ANY_NODE, PodObservation::reason);
    assertThat(seen.message()).contains("4 of nvidia.com/gpu").contains("more than 2");
    assertThat(seen.isHopeless(pod)).as("is removed, so that it holds nothing").isTrue();
  }

  @Test
  void whereNodesAreNotKnownNothingIsTooLarge() {
    PodObservation seen =
        observe(unscheduled("400", "0/2 nodes are available: 2 Insufficient nvidia.com/gpu."));

    assertThat(seen.reason()).isEqualTo(KernelReason.WAITING_FOR_RESOURCES);
  }

  @Test
  void anyOtherReasonOfTheSchedulerIsPassedOn() {
    PodObservation seen =
        PodObservation.of(
            unscheduled("1", "0/1 nodes are available: 1 node(s) had untolerated taint {a: b}."),
            List.of(node("one", "1")),
            SOON);

    assertThat(seen.message()).startsWith("Waiting for a node: ").contains("untolerated taint");
  }

  @Test
  void eventsTellWhyAContainerTakesLong() {
    PodObservation seen = observe(waiting("ContainerCreating", null));

    assertThat(
            PodEvents.explain(
                seen,
                List.of(
                    event("Scheduled", "10:00:00", "assigned"),
                    event("FailedMount", "10:00:09", "configmap \"c\" not found"))))
        .returns(Stage.STARTING, PodObservation::stage)
        .returns(KernelReason.CONFIG_MISSING, PodObservation::reason);
    assertThat(PodEvents.explain(seen, List.of(event("Pulling", "10:00:01", "Pulling image a:1"))))
        .returns(Stage.PULLING_IMAGE, PodObservation::stage);
    assertThat(PodEvents.explain(seen, List.of())).isEqualTo(seen);
  }

  private static Event event(String reason, String time, String message) {
    return new EventBuilder()
        .withNewMetadata()
        .endMetadata()
        .withReason(reason)
        .withLastTimestamp("2026-11-24T" + time + "Z")
        .withMessage(message)
        .build();
  }

  private static PodObservation observe(Pod pod) {
    return PodObservation.of(pod, List.of(), SOON);
  }

  private static Pod waiting(String reason, @Nullable String message) {
    return pod(
        "Pending",
        new ContainerStateBuilder()
            .withNewWaiting()
            .withReason(reason)
            .withMessage(message)
            .endWaiting()
            .build());
  }

  private static Pod terminated(String phase, String reason, int code, @Nullable String message) {
    return pod(
        phase,
        new ContainerStateBuilder()
            .withNewTerminated()
            .withReason(reason)
            .withExitCode(code)
            .withMessage(message)
            .endTerminated()
            .build());
  }

  private static Pod pod(String phase, @Nullable ContainerState state) {
    PodBuilder pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("kernel")
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("kernel")
            .withImage("a:1")
            .endContainer()
            .endSpec()
            .withNewStatus()
            .withPhase(phase)
            .withStartTime(STARTED.toString())
            .endStatus();
    return state == null
        ? pod.build()
        : pod.editStatus()
            .addNewContainerStatus()
            .withState(state)
            .endContainerStatus()
            .endStatus()
            .build();
  }

  private static Pod deleting(@Nullable String disruption) {
    PodBuilder pod =
        new PodBuilder(pod("Running", null))
            .editMetadata()
            .withDeletionTimestamp(SOON.toString())
            .endMetadata();
    return disruption == null
        ? pod.build()
        : pod.editStatus()
            .addNewCondition()
            .withType("DisruptionTarget")
            .withStatus("True")
            .withReason(disruption)
            .endCondition()
            .endStatus()
            .build();
  }

  private static Pod unscheduled(String gpus, String message) {
    return new PodBuilder(pod("Pending", null))
        .editSpec()
        .editFirstContainer()
        .withNewResources()
        .addToRequests(GPU, new Quantity(gpus))
        .endResources()
        .endContainer()
        .endSpec()
        .editStatus()
        .addNewCondition()
        .withType("PodScheduled")
        .withStatus("False")
        .withReason("Unschedulable")
        .withMessage(message)
        .endCondition()
        .endStatus()
        .build();
  }

  private static Node node(String name, String gpus) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewStatus()
        .withAllocatable(Map.of(GPU, new Quantity(gpus)))
        .endStatus()
        .build();
  }
}
