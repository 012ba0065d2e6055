// SPDX-License-Identifier: Apache-2.0

/**
 * How the gateway says no: one failure with a stable code, and the one JSON body that every error
 * has.
 */
@NullMarked
package io.elasticjupyter.gateway.errors;

import org.jspecify.annotations.NullMarked;
