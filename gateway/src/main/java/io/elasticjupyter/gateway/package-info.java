// SPDX-License-Identifier: Apache-2.0

/**
 * The HTTP side: REST, websockets, sessions, auth and metrics in front of the kernels. {@link
 * io.elasticjupyter.gateway.Gateway} wires it together.
 */
@NullMarked
package io.elasticjupyter.gateway;

import org.jspecify.annotations.NullMarked;
