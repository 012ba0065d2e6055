// SPDX-License-Identifier: Apache-2.0

/** Tests of what a notebook is made of and says; nothing here asks a server. */
@NullMarked
package io.elasticjupyter.operator.notebook;

import org.jspecify.annotations.NullMarked;
