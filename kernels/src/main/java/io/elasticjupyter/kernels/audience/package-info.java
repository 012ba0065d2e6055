// SPDX-License-Identifier: Apache-2.0

/**
 * The clients of one kernel: their sessions, which outlive their websockets, each with a place in
 * the kernel's output log.
 */
@NullMarked
package io.elasticjupyter.kernels.audience;

import org.jspecify.annotations.NullMarked;
