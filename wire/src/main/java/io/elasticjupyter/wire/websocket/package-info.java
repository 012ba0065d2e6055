// SPDX-License-Identifier: Apache-2.0

/**
 * The two ways in which a Jupyter message is put into websocket frames. Which one a connection
 * speaks is settled when it opens, by the subprotocol; the messages themselves are the same.
 */
@NullMarked
package io.elasticjupyter.wire.websocket;

import org.jspecify.annotations.NullMarked;
