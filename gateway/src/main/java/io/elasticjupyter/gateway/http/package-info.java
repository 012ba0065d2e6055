// SPDX-License-Identifier: Apache-2.0

/**
 * The gateway's own small port to HTTP: requests, answers, routes, and a byte stream for what comes
 * after an upgrade. Only {@code http.jetty} knows which server is behind it.
 */
@NullMarked
package io.elasticjupyter.gateway.http;

import org.jspecify.annotations.NullMarked;
