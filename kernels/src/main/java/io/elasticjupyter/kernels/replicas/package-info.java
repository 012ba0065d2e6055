// SPDX-License-Identifier: Apache-2.0

/**
 * Several gateways for the same kernels: each kernel is had by one of them, another keeps a copy of
 * what is known of it and listens to its output, and takes it when the first leaves or ends.
 */
@NullMarked
package io.elasticjupyter.kernels.replicas;

import org.jspecify.annotations.NullMarked;
