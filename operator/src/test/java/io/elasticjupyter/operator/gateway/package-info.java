// SPDX-License-Identifier: Apache-2.0

/** Tests of what a gateway is made of; nothing here asks a server. */
@NullMarked
package io.elasticjupyter.operator.gateway;

import org.jspecify.annotations.NullMarked;
