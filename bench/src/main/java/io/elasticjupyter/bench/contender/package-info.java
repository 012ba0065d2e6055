// SPDX-License-Identifier: Apache-2.0

/** Who is measured, how each is started, and what its process costs. */
@NullMarked
package io.elasticjupyter.bench.contender;

import org.jspecify.annotations.NullMarked;
