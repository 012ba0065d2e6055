// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelReason;
import io.elasticjupyter.api.KernelSleep;
import io.elasticjupyter.api.KernelSpec.OperatingMode;
import io.elasticjupyter.api.KernelStatus;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.operator.cluster.Applier;
import io.elasticjupyter.operator.cluster.Conditions;
import io.elasticjupyter.operator.cluster.Events;
import io.elasticjupyter.operator.cluster.StatusPatch;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives a JupyterKernel the one Pod that its spec asks for, and tells in its status how far that
 * Pod has come. It never starts a kernel a second time by itself: a kernel that ended has lost its
 * variables, and whoever uses it decides, by a higher {@code spec.run}.
 */
@ControllerConfiguration(
    name = "jupyterkernel",
    generationAwareEventProcessing = false,
    informer = @Informer(onUpdateFilter = SpecOrSleepChanged.class))
public final class KernelReconciler implements Reconciler<JupyterKernel> {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  /**
   * What is missing announces itself when it comes; this is for namespaces that are not watched.
   */
  private static final Duration MISSING = Duration.ofSeconds(20);

  /** So long a container may be made before its Pod's events are read. */
  private static final Duration SLOW = Duration.ofSeconds(3);

  private static final int CONFLICT = 409;

  private final KubernetesClient client;
  private final KernelInputs inputs;
  private final KernelSources sources;
  private final Applier applier;
  private final Events events;
  private final InstantSource clock;

  public KernelReconciler(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.sources = new KernelSources(client);
    this.inputs = new KernelInputs(sources);
    this.applier = new Applier(client);
    this.events = new Events(client, clock);
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, JupyterKernel>> prepareEventSources(
      EventSourceContext<JupyterKernel> context) {
    return sources.start(context);
  }

  /** Every kernel as it was last seen; none before the operator has started. */
  public Stream<JupyterKernel> known() {
    return sources.kernels();
  }

  @Override
  public UpdateControl<JupyterKernel> reconcile(
      JupyterKernel kernel, Context<JupyterKernel> context) {
    return StatusPatch.write(() -> look(kernel, context), kernel, context);
  }

  private UpdateControl<JupyterKernel> look(JupyterKernel kernel, Context<JupyterKernel> context) {
    Optional<Pod> pod = context.getSecondaryResource(Pod.class);
    OperatingMode mode =
        Objects.requireNonNullElse(kernel.getSpec().operatingMode(), OperatingMode.RUNNING);
    return switch (mode) {
      case RUNNING -> pod.isPresent() ? withPod(kernel, pod.get()) : withoutPod(kernel, context);
      case STOPPED -> stopped(kernel, pod);
      case HIBERNATED -> hibernated(kernel, pod);
    };
  }

  /**
   * A kernel of a gateway keeps its Pod until its variables are saved, whoever wished that it
   * hibernates. Nobody saves those of others.
   */
  private UpdateControl<JupyterKernel> hibernated(JupyterKernel kernel, Optional<Pod> pod) {
    boolean saved = KernelSleep.sleeps(kernel.getStatus());
    if (pod.isPresent() && !saved && kernel.getSpec().gateway() != null) {
      return withPod(kernel, pod.get());
    }
    if (pod.isPresent()) {
      delete(pod.get());
      return UpdateControl.noUpdate();
    }
    return status(kernel, saved ? PodObservation.asleep() : PodObservation.stopped(), null);
  }

  private UpdateControl<JupyterKernel> stopped(JupyterKernel kernel, Optional<Pod> pod) {
    if (pod.isPresent()) {
      delete(pod.get());
      return UpdateControl.noUpdate();
    }
    return status(kernel, PodObservation.stopped(), null);
  }

  private UpdateControl<JupyterKernel> withPod(JupyterKernel kernel, Pod pod) {
    int run = KernelResources.run(kernel.getSpec());
    if (!isOfRun(pod, run, kernel)) {
      delete(pod);
      return status(
              kernel,
              new PodObservation(
                  Stage.QUEUED, KernelReason.WAITING, "The Pod of the run before is ended.", null),
              null)
          .rescheduleAfter(LOOK_AGAIN);
    }
    if (hasEnded(kernel, run)) {
      // Why it ended was said already; what happens to its Pod afterwards is no news.
      if ("Pending".equals(pod.getStatus().getPhase())) {
        delete(pod);
      }
      return UpdateControl.noUpdate();
    }
    PodObservation seen = PodObservation.of(pod, sources.nodes(), clock.instant());
    if (seen.reason() == KernelReason.STARTING && isSlow(pod)) {
      seen = PodEvents.explain(seen, sources.eventsOf(pod));
    }
    UpdateControl<JupyterKernel> control = status(kernel, seen, pod);
    if (seen.isHopeless(pod)) {
      delete(pod);
    }
    boolean isStarting = seen.stage() == Stage.STARTING || seen.stage() == Stage.PULLING_IMAGE;
    return isStarting ? control.rescheduleAfter(SLOW) : control;
  }

  /** Not of a run before, nor of a kernel of the same name before. */
  private static boolean isOfRun(Pod pod, int run, JupyterKernel kernel) {
    return String.valueOf(run).equals(pod.getMetadata().getLabels().get(Labels.RUN))
        && pod.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> kernel.getMetadata().getUid().equals(owner.getUid()));
  }

  private static boolean hasEnded(JupyterKernel kernel, int run) {
    KernelStatus before = kernel.getStatus();
    return before != null
        && before.run() != null
        && before.run() == run
        && before.stage() == Stage.ENDED;
  }

  private boolean isSlow(Pod pod) {
    String since = pod.getStatus().getStartTime();
    return since != null && Instant.parse(since).plus(SLOW).isBefore(clock.instant());
  }

  private void delete(Pod pod) {
    if (NodeOfPod.isAway(pod, sources.nodes())) {
      // Nobody is there who would confirm its end, and its kernel would wait for that for ever.
      client.resource(pod).withGracePeriod(0).delete();
    } else if (LeavingPod.mayStayLongerThan(LeavingPod.SHORT_GRACE, pod)) {
      // A kernel that was asked to end has ended; of one that was not, nobody waits for the rest.
      client.resource(pod).withGracePeriod(LeavingPod.SHORT_GRACE.toSeconds()).delete();
    }
  }

  private UpdateControl<JupyterKernel> withoutPod(
      JupyterKernel kernel, Context<JupyterKernel> context) {
    int run = KernelResources.run(kernel.getSpec());
    if (isSavedRun(kernel, run)) {
      // A Pod without the variables would be of no use: its gateway asks for another run.
      return status(kernel, PodObservation.asleep(), null);
    }
    boolean hadPod = hadPod(kernel, run);
    if (hasEnded(kernel, run) && !(hadPod && livesAsItsPod(kernel))) {
      return UpdateControl.noUpdate();
    }
    if (hadPod) {
      // The cache of Pods may be behind; before a kernel is called dead the server is asked.
      Pod pod = sources.pod(kernel);
      if (pod != null) {
        return withPod(kernel, pod);
      }
      return livesAsItsPod(kernel)
          ? goneWithPod(kernel)
          : status(kernel, LeavingPod.gone(kernel.getStatus()), null);
    }
    try {
      return make(kernel, inputs.desired(kernel), context);
    } catch (KernelRefused refused) {
      PodObservation why =
          new PodObservation(
              refused.heals() ? Stage.QUEUED : Stage.ENDED,
              refused.reason(),
              refused.sentence(),
              null);
      UpdateControl<JupyterKernel> control = status(kernel, why, null);
      return refused.heals() ? control.rescheduleAfter(MISSING) : control;
    }
  }

  private static boolean isSavedRun(JupyterKernel kernel, int run) {
    return KernelSleep.of(kernel.getStatus())
        .filter(sleep -> Objects.equals(sleep.run(), run))
        .isPresent();
  }

  private static boolean hadPod(JupyterKernel kernel, int run) {
    KernelStatus before = kernel.getStatus();
    return before != null && before.run() != null && before.run() == run && before.pod() != null;
  }

  private static boolean livesAsItsPod(JupyterKernel kernel) {
    return Labels.LIFE_OF_POD.equals(kernel.getMetadata().getLabels().get(Labels.LIFE));
  }

  private UpdateControl<JupyterKernel> goneWithPod(JupyterKernel kernel) {
    try {
      client
          .resource(kernel)
          .lockResourceVersion(kernel.getMetadata().getResourceVersion())
          .delete();
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
      // Its launcher has asked for another run at this moment; that is looked at next.
    }
    return UpdateControl.noUpdate();
  }

  private UpdateControl<JupyterKernel> make(
      JupyterKernel kernel, KernelInputs.Desired desired, Context<JupyterKernel> context) {
    try {
      if (desired.connection() != null) {
        applier.apply(desired.connection());
      }
      Pod made = context.resourceOperations().create(desired.pod());
      return status(kernel, PodObservation.of(made, sources.nodes(), clock.instant()), made);
    } catch (KubernetesClientException e) {
      return notMade(kernel, e);
    }
  }

  private UpdateControl<JupyterKernel> notMade(JupyterKernel kernel, KubernetesClientException e) {
    return switch (NotMade.of(e)) {
      case NO_ANSWER, NAMESPACE_ENDS -> throw e;
      // It is of the run before, or was made a moment ago and is not seen yet.
      case NAME_IS_TAKEN ->
          UpdateControl.<JupyterKernel>noUpdate().rescheduleAfter(Duration.ofMillis(200));
      case OVER_QUOTA ->
          status(
                  kernel,
                  new PodObservation(
                      Stage.QUEUED,
                      KernelReason.QUOTA_EXCEEDED,
                      "The namespace's quota is used up; the kernel starts as soon as there is"
                          + " room: "
                          + NotMade.said(e),
                      null),
                  null)
              .rescheduleAfter(LOOK_AGAIN);
      case REFUSED ->
          status(
              kernel,
              new PodObservation(
                  Stage.ENDED,
                  KernelReason.POD_REFUSED,
                  "The cluster does not take the kernel's Pod: " + NotMade.said(e),
                  null),
              null);
    };
  }

  private UpdateControl<JupyterKernel> status(
      JupyterKernel kernel, PodObservation seen, @Nullable Pod pod) {
    KernelStatus before = kernel.getStatus();
    KernelStatus now =
        new KernelStatus(
            kernel.getMetadata().getGeneration(),
            Conditions.ready(
                seen.stage() == Stage.RUNNING,
                word(seen.reason()),
                seen.message(),
                kernel,
                before == null ? null : before.conditions(),
                clock.instant()),
            KernelResources.run(kernel.getSpec()),
            pod == null ? null : pod.getMetadata().getName(),
            pod == null || pod.getStatus() == null ? null : pod.getStatus().getPodIP(),
            pod == null ? null : KernelResources.launchMode(pod),
            seen.stage(),
            seen.reason(),
            seen.message(),
            seen.exitCode(),
            seen.reason() == KernelReason.LEAVING && pod != null
                ? pod.getMetadata().getDeletionTimestamp()
                : null,
            pod != null ? PodRequests.texts(pod) : before == null ? null : before.resources(),
            null,
            null);
    if (seen.stage() == Stage.ENDED && (before == null || before.stage() != Stage.ENDED)) {
      events.warn(kernel, word(seen.reason()), seen.message());
    }
    return StatusPatch.of(
        kernel, new JupyterKernel(), now, before == null ? null : before.ofOperator());
  }

  /** The word of a reason as its JSON has it. */
  private String word(KernelReason reason) {
    return client.getKubernetesSerialization().convertValue(reason, String.class);
  }
}
