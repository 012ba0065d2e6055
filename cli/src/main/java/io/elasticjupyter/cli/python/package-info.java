// SPDX-License-Identifier: Apache-2.0

/** Python environments: the one a person brings, or one that is made from a locked list. */
@NullMarked
package io.elasticjupyter.cli.python;

import org.jspecify.annotations.NullMarked;
