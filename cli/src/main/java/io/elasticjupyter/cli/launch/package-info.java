// SPDX-License-Identifier: Apache-2.0

/**
 * The KernelLauncher: what an Enterprise Gateway runs as a kernelspec's command, so that its
 * kernels become JupyterKernel resources and the operator makes their Pods. Also started as {@code
 * kubeflow-launcher}, with the flags and environment of the program of that name.
 */
@NullMarked
package io.elasticjupyter.cli.launch;

import org.jspecify.annotations.NullMarked;
