// SPDX-License-Identifier: Apache-2.0

/** What an idle rule does to a real kernel and keeps of it, told as a timeline. */
@NullMarked
package io.elasticjupyter.cli.demo;

import org.jspecify.annotations.NullMarked;
