// SPDX-License-Identifier: Apache-2.0

/**
 * The load client: reads a kernel's messages through a websocket or straight over ZeroMQ with the
 * same counting code, and does nothing else, so that it is not the limit of what it measures.
 *
 * <p>It is written on plain sockets and shares no code with our gateway: a fault of our own framing
 * cannot hide itself here.
 */
@NullMarked
package io.elasticjupyter.bench.load;

import org.jspecify.annotations.NullMarked;
