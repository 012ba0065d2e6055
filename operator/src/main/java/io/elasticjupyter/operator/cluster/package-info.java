// SPDX-License-Identifier: Apache-2.0

/** What every reconciler needs of the API server: applying, conditions, events. */
@NullMarked
package io.elasticjupyter.operator.cluster;

import org.jspecify.annotations.NullMarked;
