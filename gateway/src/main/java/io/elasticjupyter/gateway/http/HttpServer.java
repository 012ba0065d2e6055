// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

/** A listening server. */
public interface HttpServer extends AutoCloseable {

  /** The port that it listens on. */
  int port();

  /** Takes no new connections and answers what is under way. */
  void drain();

  /** Ends every connection. Idempotent. */
  @Override
  void close();
}
