// SPDX-License-Identifier: Apache-2.0

/** The operator as a program. */
@NullMarked
package io.elasticjupyter.cli.operator;

import org.jspecify.annotations.NullMarked;
