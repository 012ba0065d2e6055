// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

/** What answers the requests of a server; blocking, called on virtual threads. */
@FunctionalInterface
public interface HttpHandler {
  HttpAnswer answer(HttpRequest request);
}
