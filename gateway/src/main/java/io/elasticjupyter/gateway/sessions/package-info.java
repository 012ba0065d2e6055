// SPDX-License-Identifier: Apache-2.0

/** Sessions: which notebook has which kernel, kept over a restart of the gateway. */
@NullMarked
package io.elasticjupyter.gateway.sessions;

import org.jspecify.annotations.NullMarked;
