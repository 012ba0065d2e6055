// SPDX-License-Identifier: Apache-2.0

/**
 * A client of the ZeroMQ Message Transport Protocol, versions 3.0 and 3.1, NULL mechanism: what a
 * Jupyter client needs of ZeroMQ and no more. One file descriptor per socket, one virtual thread
 * that reads, no background threads, no reconnect (the owner of a socket reconnects).
 *
 * <p>Sources: RFC 23/ZMTP 3.0, RFC 37/ZMTP 3.1, and the behavior of libzmq 4.3 where the two
 * differ. The classes are named after the notions of the RFCs.
 */
@NullMarked
package io.elasticjupyter.wire.zmtp;

import org.jspecify.annotations.NullMarked;
