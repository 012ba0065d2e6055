// SPDX-License-Identifier: Apache-2.0

/**
 * Reading JSON without building it: where the values of an object lie in a byte array. A relay
 * looks at a few fields of each message and passes the rest on as the bytes that came.
 */
@NullMarked
package io.elasticjupyter.wire.json;

import org.jspecify.annotations.NullMarked;
