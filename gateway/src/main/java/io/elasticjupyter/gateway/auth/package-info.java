// SPDX-License-Identifier: Apache-2.0

/** Who may ask: the token, and the name in a client certificate. */
@NullMarked
package io.elasticjupyter.gateway.auth;

import org.jspecify.annotations.NullMarked;
