// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;

/** The one write of a status at the end of a run. */
public final class StatusPatch {

  private StatusPatch() {}

  /**
   * Writes a status where it is another than before.
   *
   * @param resource as it was read
   * @param empty a new object of its kind, which takes name and status and nothing that others own
   */
  public static <S, R extends CustomResource<?, S>> UpdateControl<R> of(
      R resource, R empty, S status) {
    if (status.equals(resource.getStatus())) {
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
}
