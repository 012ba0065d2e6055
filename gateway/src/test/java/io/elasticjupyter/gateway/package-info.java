// SPDX-License-Identifier: Apache-2.0

/** Tests of the gateway as a whole, and the doubles that they share. */
@NullMarked
package io.elasticjupyter.gateway;

import org.jspecify.annotations.NullMarked;
