// SPDX-License-Identifier: Apache-2.0

/** How an operator is doing, for Prometheus and for the kubelet. */
@NullMarked
package io.elasticjupyter.operator.monitoring;

import org.jspecify.annotations.NullMarked;
