// SPDX-License-Identifier: Apache-2.0

/** Between the replicas of one gateway: requests for a kernel go to the one that has it. */
@NullMarked
package io.elasticjupyter.gateway.peers;

import org.jspecify.annotations.NullMarked;
