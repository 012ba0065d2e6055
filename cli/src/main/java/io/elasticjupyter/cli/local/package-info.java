// SPDX-License-Identifier: Apache-2.0

/** The gateway on one machine: its settings, its state directory, and how its rooms are joined. */
@NullMarked
package io.elasticjupyter.cli.local;

import org.jspecify.annotations.NullMarked;
