// SPDX-License-Identifier: Apache-2.0

/**
 * Jupyter messages as they travel: channels, raw parts, headers and signatures. A relay never needs
 * the content of a message, so bodies stay the bytes that they came in and only headers are read.
 */
@NullMarked
package io.elasticjupyter.wire.message;

import org.jspecify.annotations.NullMarked;
