// SPDX-License-Identifier: Apache-2.0

/** How long a kernel held what it is given, whether it used it, and how long it gave it back. */
@NullMarked
package io.elasticjupyter.kernels.accounting;

import org.jspecify.annotations.NullMarked;
