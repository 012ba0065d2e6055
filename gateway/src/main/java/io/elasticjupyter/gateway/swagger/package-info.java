// SPDX-License-Identifier: Apache-2.0

/** The description of the API, one source in two notations. */
@NullMarked
package io.elasticjupyter.gateway.swagger;

import org.jspecify.annotations.NullMarked;
