// SPDX-License-Identifier: Apache-2.0

/**
 * Connection files: the addresses and the key by which a kernel and its clients find each other,
 * and the choice of addresses for a new kernel on this machine.
 */
@NullMarked
package io.elasticjupyter.wire.connection;

import org.jspecify.annotations.NullMarked;
