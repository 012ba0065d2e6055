// SPDX-License-Identifier: Apache-2.0

/** What a program of the command line is, and what it is given. */
@NullMarked
package io.elasticjupyter.cli.program;

import org.jspecify.annotations.NullMarked;
