// SPDX-License-Identifier: Apache-2.0

/** Whether kernels can be started from a JupyterKernelSpec. */
@NullMarked
package io.elasticjupyter.operator.kernelspec;

import org.jspecify.annotations.NullMarked;
