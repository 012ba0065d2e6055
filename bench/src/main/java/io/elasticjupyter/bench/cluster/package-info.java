// SPDX-License-Identifier: Apache-2.0

/**
 * The measurements in a cluster: ours, Enterprise Gateway, and Pods made by hand, on the same nodes
 * with the same images. Clients reach Services and Pods by their own addresses.
 */
@NullMarked
package io.elasticjupyter.bench.cluster;

import org.jspecify.annotations.NullMarked;
