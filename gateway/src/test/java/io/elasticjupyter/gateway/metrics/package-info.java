// SPDX-License-Identifier: Apache-2.0

@NullMarked
package io.elasticjupyter.gateway.metrics;

import org.jspecify.annotations.NullMarked;
