// SPDX-License-Identifier: Apache-2.0

/**
 * What the tests of every room share: the Python environment that the build makes, scripted
 * kernels, children that a test starts and ends, clocks and seeded generators. Knows no other room.
 */
@NullMarked
package io.elasticjupyter.testkit;

import org.jspecify.annotations.NullMarked;
