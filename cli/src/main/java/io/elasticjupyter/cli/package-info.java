// SPDX-License-Identifier: Apache-2.0

/** The programs a person starts: they read settings, put the rooms together by hand, and run. */
@NullMarked
package io.elasticjupyter.cli;

import org.jspecify.annotations.NullMarked;
