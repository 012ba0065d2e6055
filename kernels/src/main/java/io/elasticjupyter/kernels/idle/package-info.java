// SPDX-License-Identifier: Apache-2.0

/** When a kernel counts as idle, as pure rules over facts and a given time. */
@NullMarked
package io.elasticjupyter.kernels.idle;

import org.jspecify.annotations.NullMarked;
