// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.elasticjupyter.api.Storage;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;

/** Volumes that resources ask for. Pure. */
public final class Claims {

  /** A volume's files are given to the Pod's group only where its root is not that already. */
  public static final String CHANGE_OWNERS_ONCE = "OnRootMismatch";

  private Claims() {}

  /** What asks the cluster for a volume of one Pod at a time. */
  public static PersistentVolumeClaim of(Storage storage, ObjectMeta metadata) {
    return new PersistentVolumeClaimBuilder()
        .withMetadata(metadata)
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(storage.storageClassName())
        .withNewResources()
        .addToRequests("storage", Quantity.parse(storage.size()))
        .endResources()
        .endSpec()
        .build();
  }

  /** The volume of a Pod that a claim stands for. */
  public static Volume volume(String name, String claim) {
    return new VolumeBuilder()
        .withName(name)
        .withNewPersistentVolumeClaim()
        .withClaimName(claim)
        .endPersistentVolumeClaim()
        .build();
  }

  /** A volume that goes with its Pod. */
  public static Volume scratch(String name) {
    return new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir().build();
  }
}
