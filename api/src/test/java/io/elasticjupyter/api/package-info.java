// SPDX-License-Identifier: Apache-2.0

/** Holds the committed CRDs against the types. */
@NullMarked
package io.elasticjupyter.api;

import org.jspecify.annotations.NullMarked;
