// SPDX-License-Identifier: Apache-2.0

/**
 * What keeps a kernel's variables while it has no process: the calls to the helper inside the
 * kernel, their answers, the keys, and the answers in a sleeping kernel's place.
 */
@NullMarked
package io.elasticjupyter.kernels.hibernation;

import org.jspecify.annotations.NullMarked;
