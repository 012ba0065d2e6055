// SPDX-License-Identifier: Apache-2.0

/**
 * The kernels' websockets: {@code /api/kernels/{id}/channels}. One websocket is two loops on
 * virtual threads, one that hands the client's messages to the kernel and one that takes the
 * kernel's messages for the client; between them there is no queue of the gateway's own.
 */
@NullMarked
package io.elasticjupyter.gateway.channels;

import org.jspecify.annotations.NullMarked;
