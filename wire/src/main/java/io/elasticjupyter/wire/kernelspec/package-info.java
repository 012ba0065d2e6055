// SPDX-License-Identifier: Apache-2.0

/** Kernelspecs as Jupyter keeps them on disk: found, read, and their argv filled in. */
@NullMarked
package io.elasticjupyter.wire.kernelspec;

import org.jspecify.annotations.NullMarked;
