// SPDX-License-Identifier: Apache-2.0

/** What browsers of other origins may do. */
@NullMarked
package io.elasticjupyter.gateway.cors;

import org.jspecify.annotations.NullMarked;
