// SPDX-License-Identifier: Apache-2.0

/**
 * What happens to a kernel between its request and its end: started, connected, relayed, restarted,
 * ended. {@link io.elasticjupyter.kernels.life.ManagedKernel} decides; the others are its parts.
 */
@NullMarked
package io.elasticjupyter.kernels.life;

import org.jspecify.annotations.NullMarked;
