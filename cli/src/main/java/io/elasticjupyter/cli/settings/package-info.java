// SPDX-License-Identifier: Apache-2.0

/**
 * What a person can set: each setting is declared once, with its option, its environment names, its
 * default and its explanation. The parser, {@code --help} and the reference page all come from that
 * declaration.
 */
@NullMarked
package io.elasticjupyter.cli.settings;

import org.jspecify.annotations.NullMarked;
