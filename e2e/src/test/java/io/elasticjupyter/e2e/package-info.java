// SPDX-License-Identifier: Apache-2.0

/**
 * The built program, started as its user starts it, in front of real clients: a JupyterLab in a
 * browser, jupyter_server, nbclient, {@code @jupyterlab/services}, and a bare websocket for what
 * those cannot show. Nothing here uses a class of the program.
 */
@NullMarked
package io.elasticjupyter.e2e;

import org.jspecify.annotations.NullMarked;
