// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;

/** Whether the node that a Pod was given to is still there. No nodes at all means: not known. */
final class NodeOfPod {

  private NodeOfPod() {}

  /** It is not in the cluster any more. */
  static boolean isGone(Pod pod, Collection<Node> nodes) {
    String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
    return node != null
        && !node.isEmpty()
        && !nodes.isEmpty()
        && nodes.stream().noneMatch(each -> node.equals(each.getMetadata().getName()));
  }

  /** It is gone, or has not reported for so long that Kubernetes does not know how it is. */
  static boolean isAway(Pod pod, Collection<Node> nodes) {
    return isGone(pod, nodes)
        || nodes.stream()
            .filter(each -> each.getMetadata().getName().equals(pod.getSpec().getNodeName()))
            .flatMap(each -> each.getStatus().getConditions().stream())
            .anyMatch(each -> "Ready".equals(each.getType()) && "Unknown".equals(each.getStatus()));
  }
}
