// SPDX-License-Identifier: Apache-2.0

/**
 * The side-by-side benchmark: our gateway, the peers from PyPI, and raw ZeroMQ as the limit, in one
 * run on one machine. Ratios inside a run are what counts; absolute figures depend on who else uses
 * the machine.
 */
@NullMarked
package io.elasticjupyter.bench;

import org.jspecify.annotations.NullMarked;
