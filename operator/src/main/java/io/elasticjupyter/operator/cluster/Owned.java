// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.elasticjupyter.api.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;

/** Metadata of an object that goes when its owner goes. */
public final class Owned {

  private Owned() {}

  /**
   * Metadata in the owner's namespace.
   *
   * @param component see {@link Labels#COMPONENT}
   * @param ownerLabel the label that names the owner
   */
  public static ObjectMeta metadata(
      HasMetadata owner, String name, String component, String ownerLabel) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(owner.getMetadata().getNamespace())
        .withLabels(labels(owner, component, ownerLabel))
        .withOwnerReferences(reference(owner))
        .build();
  }

  public static Map<String, String> labels(HasMetadata owner, String component, String ownerLabel) {
    return Map.of(
        Labels.MANAGED_BY,
        Labels.MANAGED_BY_OPERATOR,
        Labels.COMPONENT,
        component,
        ownerLabel,
        Labels.value(owner.getMetadata().getName()));
  }

  public static OwnerReference reference(HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(owner.getApiVersion())
        .withKind(owner.getKind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }
}
