// SPDX-License-Identifier: Apache-2.0

/**
 * Kernels as JupyterKernel resources, of which an operator makes Pods. The gateway needs no right
 * to Pods or Secrets: what it must know of a Pod is in the resource's status, and a kernel's key is
 * derived from the gateway's.
 */
@NullMarked
package io.elasticjupyter.kernels.provisioner.kubernetes;

import org.jspecify.annotations.NullMarked;
