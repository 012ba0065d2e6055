// SPDX-License-Identifier: Apache-2.0

/**
 * The handshake of Enterprise Gateway's kernel images: a launcher picks ports and a key, encrypts
 * them for the gateway, opens one connection, writes, and closes. Signals go the other way, to a
 * port that the launcher listens on. The bytes are those of its {@code server_listener.py}.
 */
@NullMarked
package io.elasticjupyter.kernels.callback;

import org.jspecify.annotations.NullMarked;
