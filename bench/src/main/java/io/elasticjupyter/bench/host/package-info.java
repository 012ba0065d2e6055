// SPDX-License-Identifier: Apache-2.0

/**
 * One process that plays many kernels, for the question how a gateway behaves with a thousand of
 * them. A thousand Python processes would take 15 GB and the machine with them; a host in Python
 * would poll five thousand sockets for every message and be measured instead of the gateway.
 */
@NullMarked
package io.elasticjupyter.bench.host;

import org.jspecify.annotations.NullMarked;
