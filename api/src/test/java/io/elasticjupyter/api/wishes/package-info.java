// SPDX-License-Identifier: Apache-2.0

@NullMarked
package io.elasticjupyter.api.wishes;

import org.jspecify.annotations.NullMarked;
