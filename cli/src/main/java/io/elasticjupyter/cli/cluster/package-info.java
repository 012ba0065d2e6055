// SPDX-License-Identifier: Apache-2.0

/** The gateway in a Kubernetes cluster: its kernels are Pods that an operator makes. */
@NullMarked
package io.elasticjupyter.cli.cluster;

import org.jspecify.annotations.NullMarked;
