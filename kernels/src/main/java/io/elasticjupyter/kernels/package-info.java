// SPDX-License-Identifier: Apache-2.0

/**
 * The life of a kernel: one {@link io.elasticjupyter.kernels.Kernel} owns its state, its output log
 * and its attachments; {@link io.elasticjupyter.kernels.Kernels} is the registry that starts, finds
 * and remembers them. Nothing here knows HTTP or websockets.
 */
@NullMarked
package io.elasticjupyter.kernels;

import org.jspecify.annotations.NullMarked;
