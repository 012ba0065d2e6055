// SPDX-License-Identifier: Apache-2.0

/**
 * Self-signed certificates: the operator makes one for each gateway, and kernels trust that one
 * alone. The JDK reads certificates and has nothing public that writes them.
 */
@NullMarked
package io.elasticjupyter.api.certificate;

import org.jspecify.annotations.NullMarked;
