// SPDX-License-Identifier: Apache-2.0

/** What the tests of this room share: random JSON and messages, and the codec's bench. */
@NullMarked
package io.elasticjupyter.wire;

import org.jspecify.annotations.NullMarked;
