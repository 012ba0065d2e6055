// SPDX-License-Identifier: Apache-2.0

/**
 * Where a gateway in a cluster keeps the snapshots of its kernels: folders of its own volume,
 * filled and read over HTTP by kernels in other Pods, each with a token for one call and one
 * folder.
 */
@NullMarked
package io.elasticjupyter.kernels.vault;

import org.jspecify.annotations.NullMarked;
