// SPDX-License-Identifier: Apache-2.0

/** Tests of what the objects of all kinds have in common. */
@NullMarked
package io.elasticjupyter.operator.cluster;

import org.jspecify.annotations.NullMarked;
