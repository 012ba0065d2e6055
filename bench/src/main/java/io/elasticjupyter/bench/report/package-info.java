// SPDX-License-Identifier: Apache-2.0

/** Figures, what they are held against, and the tables that show them. */
@NullMarked
package io.elasticjupyter.bench.report;

import org.jspecify.annotations.NullMarked;
