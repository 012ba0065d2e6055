// SPDX-License-Identifier: Apache-2.0

/**
 * What clients ask of their kernels by KERNEL_* variables, held against the bounds of a
 * JupyterGateway. The gateway refuses by it before anything is made; the operator, who makes Pods
 * of resources that anybody may have written, applies the same rules again.
 */
@NullMarked
package io.elasticjupyter.api.wishes;

import org.jspecify.annotations.NullMarked;
