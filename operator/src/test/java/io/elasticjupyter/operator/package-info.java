// SPDX-License-Identifier: Apache-2.0

/** What is shipped beside the programs. */
@NullMarked
package io.elasticjupyter.operator;

import org.jspecify.annotations.NullMarked;
