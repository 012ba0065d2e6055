// SPDX-License-Identifier: Apache-2.0

/** A Deployment and a Service for each JupyterNotebook. */
@NullMarked
package io.elasticjupyter.operator.notebook;

import org.jspecify.annotations.NullMarked;
