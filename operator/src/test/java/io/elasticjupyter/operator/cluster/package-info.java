// SPDX-License-Identifier: Apache-2.0

@NullMarked
package io.elasticjupyter.operator.cluster;

import org.jspecify.annotations.NullMarked;
