// SPDX-License-Identifier: Apache-2.0

/** The run from which the JVM's AOT cache learns what a start needs. */
@NullMarked
package io.elasticjupyter.cli.training;

import org.jspecify.annotations.NullMarked;
