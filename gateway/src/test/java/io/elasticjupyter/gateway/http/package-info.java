// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.elasticjupyter.gateway.http;

import org.jspecify.annotations.NullMarked;
