// SPDX-License-Identifier: Apache-2.0

/** Tests of certificates. */
@NullMarked
package io.elasticjupyter.api.certificate;

import org.jspecify.annotations.NullMarked;
