// SPDX-License-Identifier: Apache-2.0

/**
 * The output log: what a kernel said and its clients have not confirmed yet. It is the only queue
 * between a kernel and its clients, so it is where memory is bounded: newest entries in memory, the
 * rest in segment files, the oldest cut away at a limit that is told to whoever missed something.
 */
@NullMarked
package io.elasticjupyter.kernels.log;

import org.jspecify.annotations.NullMarked;
