// SPDX-License-Identifier: Apache-2.0

/** Kernels as processes of this machine, each in a session of its own, that outlive the gateway. */
@NullMarked
package io.elasticjupyter.kernels.provisioner.local;

import org.jspecify.annotations.NullMarked;
