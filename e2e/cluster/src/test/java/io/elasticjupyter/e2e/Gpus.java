// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

/** GPUs that a node only says it has: the real scheduler hands them out, no Pod gets a device. */
final class Gpus {

  private Gpus() {}

  /** Lets the first node offer as many, and takes away those that it offered before. */
  static void offer(Kubectl kubectl, int number) {
    String node = kubectl.list("nodes").path(0).at("/metadata/name").asText();
    String offered = "{\"nvidia.com/gpu\": \"%d\"}".formatted(number);
    // What may be allocated would follow capacity only at the node's next report.
    kubectl.run(
        "patch",
        "node",
        node,
        "--subresource=status",
        "--type=merge",
        "--patch={\"status\": {\"capacity\": %s, \"allocatable\": %s}}"
            .formatted(offered, offered));
  }
}
