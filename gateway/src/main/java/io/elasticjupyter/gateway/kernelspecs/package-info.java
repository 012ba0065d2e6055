// SPDX-License-Identifier: Apache-2.0

/** Kernelspecs over REST: what may be started, and the files beside it. */
@NullMarked
package io.elasticjupyter.gateway.kernelspecs;

import org.jspecify.annotations.NullMarked;
