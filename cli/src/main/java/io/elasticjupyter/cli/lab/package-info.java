// SPDX-License-Identifier: Apache-2.0

/** JupyterLab and a gateway together, by one command. */
@NullMarked
package io.elasticjupyter.cli.lab;

import org.jspecify.annotations.NullMarked;
