// SPDX-License-Identifier: Apache-2.0

/** A small client of the gateway's public interface, for the programs that show or train it. */
@NullMarked
package io.elasticjupyter.cli.client;

import org.jspecify.annotations.NullMarked;
