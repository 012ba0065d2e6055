// SPDX-License-Identifier: Apache-2.0

/** What is measured: one class for each question. */
@NullMarked
package io.elasticjupyter.bench.row;

import org.jspecify.annotations.NullMarked;
