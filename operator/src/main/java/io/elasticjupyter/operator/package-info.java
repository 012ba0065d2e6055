// SPDX-License-Identifier: Apache-2.0

/** Reconciles the five custom resources: one reconciler for each, desired objects as functions. */
@NullMarked
package io.elasticjupyter.operator;

import org.jspecify.annotations.NullMarked;
