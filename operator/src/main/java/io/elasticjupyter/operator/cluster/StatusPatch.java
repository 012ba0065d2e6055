// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one write of a status at the end of a run. */
public final class StatusPatch {

  private static final System.Logger LOG = System.getLogger(StatusPatch.class.getName());
  private static final long LOOK_AGAIN_MILLIS = 1_000;

  private StatusPatch() {}

  /**
   * Asks for a status to be written where it is another than before.
   *
   * @param resource as it was read
   * @param empty a new object of its kind, which takes name and status and nothing that others own
   */
  public static <S, R extends CustomResource<?, S>> UpdateControl<R> of(
      R resource, R empty, S status) {
    return of(resource, empty, status, resource.getStatus());
  }

  /**
   * The same for a status of which others own a part.
   *
   * @param before our own part, as it was read
   */
  public static <S, R extends CustomResource<?, S>> UpdateControl<R> of(
      R resource, R empty, S status, @Nullable S before) {
    if (status.equals(before)) {
      return UpdateControl.noUpdate();
    }
    empty.setMetadata(
        new ObjectMetaBuilder()
            .withName(resource.getMetadata().getName())
            .withNamespace(resource.getMetadata().getNamespace())
            .build());
    empty.setStatus(status);
    return UpdateControl.patchStatus(empty);
  }

  /**
   * Writes what a run asks for, unless there is nobody for it any more. The SDK would do it as
   * well, but it takes every event that comes before the answer for an echo of this write: a spec
   * that somebody else changed at that moment would never be looked at.
   *
   * @param run what is done about the resource
   * @param resource as the run reads it
   */
  public static <R extends HasMetadata> UpdateControl<R> write(
      Supplier<UpdateControl<R>> run, R resource, Context<R> context) {
    try {
      return write(run.get(), resource, context);
    } catch (KubernetesClientException e) {
      if (!EndingNamespace.isReasonOf(e)) {
        throw e;
      }
      LOG.log(
          Level.DEBUG,
          "event=namespace-ends resource={0} reason={1}",
          resource.getMetadata().getName(),
          e.getMessage());
      return UpdateControl.noUpdate();
    }
  }

  private static <R extends HasMetadata> UpdateControl<R> write(
      UpdateControl<R> asked, R resource, Context<R> context) {
    if (!asked.isPatchStatus()) {
      return asked;
    }
    try {
      R written =
          context
              .resourceOperations()
              .serverSideApplyPrimaryStatus(asked.getResource().orElseThrow());
      return next(asked, resource, written);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      // Deleted meanwhile; nobody reads its status any more.
      return UpdateControl.noUpdate();
    }
  }

  /**
   * When to look again, once a status is written: at once where the spec has changed before; a
   * moment later in any case, since who reads the status may change the spec so soon that the SDK
   * takes that for the echo. A look at what has not changed writes nothing, and is the last.
   */
  static <R extends HasMetadata> UpdateControl<R> next(
      UpdateControl<R> asked, R resource, R written) {
    boolean isOfAnotherSpec =
        !Objects.equals(
            resource.getMetadata().getGeneration(), written.getMetadata().getGeneration());
    UpdateControl<R> done = UpdateControl.noUpdate();
    if (isOfAnotherSpec) {
      return done.reschedule();
    }
    return done.rescheduleAfter(asked.getScheduleDelay().orElse(LOOK_AGAIN_MILLIS));
  }
}
