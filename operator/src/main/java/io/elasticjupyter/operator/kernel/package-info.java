// SPDX-License-Identifier: Apache-2.0

/** One Pod for each JupyterKernel: what it is made of, and what its state means to a user. */
@NullMarked
package io.elasticjupyter.operator.kernel;

import org.jspecify.annotations.NullMarked;
