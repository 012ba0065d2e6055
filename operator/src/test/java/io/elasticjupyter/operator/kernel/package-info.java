// SPDX-License-Identifier: Apache-2.0

/**
 * Tests of what a kernel's Pod is made of and how its state is told; nothing here asks a server.
 */
@NullMarked
package io.elasticjupyter.operator.kernel;

import org.jspecify.annotations.NullMarked;
