// SPDX-License-Identifier: Apache-2.0

/** How log lines of the programs look, and where they go: one line each, to standard error. */
@NullMarked
package io.elasticjupyter.cli.logging;

import org.jspecify.annotations.NullMarked;
