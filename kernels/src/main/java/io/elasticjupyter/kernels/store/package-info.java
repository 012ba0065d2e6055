// SPDX-License-Identifier: Apache-2.0

/** What outlives the gateway on one machine: a folder per kernel, written atomically. */
@NullMarked
package io.elasticjupyter.kernels.store;

import org.jspecify.annotations.NullMarked;
