// SPDX-License-Identifier: Apache-2.0

/** The gateway's one connection to a kernel: four ZeroMQ sockets and the loops that read them. */
@NullMarked
package io.elasticjupyter.kernels.link;

import org.jspecify.annotations.NullMarked;
