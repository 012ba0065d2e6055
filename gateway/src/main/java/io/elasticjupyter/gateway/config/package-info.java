// SPDX-License-Identifier: Apache-2.0

/**
 * Every setting of the gateway as a typed value with its default. Where a setting comes from (an
 * option, an {@code EG_*} or {@code KG_*} name) is the command line's business.
 */
@NullMarked
package io.elasticjupyter.gateway.config;

import org.jspecify.annotations.NullMarked;
