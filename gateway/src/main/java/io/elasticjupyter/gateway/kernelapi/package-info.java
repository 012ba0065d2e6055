// SPDX-License-Identifier: Apache-2.0

/** Kernels over REST: who may start which, with what environment. */
@NullMarked
package io.elasticjupyter.gateway.kernelapi;

import org.jspecify.annotations.NullMarked;
