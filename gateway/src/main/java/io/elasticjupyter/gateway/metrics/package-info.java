// SPDX-License-Identifier: Apache-2.0

/** What the gateway counts, for Prometheus. */
@NullMarked
package io.elasticjupyter.gateway.metrics;

import org.jspecify.annotations.NullMarked;
