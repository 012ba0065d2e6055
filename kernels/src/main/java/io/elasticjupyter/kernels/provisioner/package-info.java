// SPDX-License-Identifier: Apache-2.0

/** The port to whatever runs kernels: processes of this machine now, Pods later. */
@NullMarked
package io.elasticjupyter.kernels.provisioner;

import org.jspecify.annotations.NullMarked;
