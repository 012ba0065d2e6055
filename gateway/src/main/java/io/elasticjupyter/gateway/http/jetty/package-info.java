// SPDX-License-Identifier: Apache-2.0

/** The HTTP port on Jetty's core server: no servlets, blocking code on virtual threads. */
@NullMarked
package io.elasticjupyter.gateway.http.jetty;

import org.jspecify.annotations.NullMarked;
