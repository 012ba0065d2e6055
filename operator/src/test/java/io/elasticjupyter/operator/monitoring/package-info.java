// SPDX-License-Identifier: Apache-2.0

/** Tests of what is counted and shown. */
@NullMarked
package io.elasticjupyter.operator.monitoring;

import org.jspecify.annotations.NullMarked;
