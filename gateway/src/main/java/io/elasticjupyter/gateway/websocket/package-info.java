// SPDX-License-Identifier: Apache-2.0

/**
 * The websocket protocol (RFC 6455), server side, over a plain byte stream. Ours rather than
 * Jetty's because a flood of small kernel messages is bound by the cost of a frame: here a batch of
 * messages is one buffer and one write.
 */
@NullMarked
package io.elasticjupyter.gateway.websocket;

import org.jspecify.annotations.NullMarked;
