// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the server read it.
 *
 * @param method upper case
 * @param path decoded and without {@code ..}; an ambiguous one never gets this far
 * @param query decoded parameters
 * @param headers header fields
 * @param body not read yet
 * @param secure whether it came over TLS
 * @param clientCertificates what the client showed, its own first
 * @param remote the client's address, for logs
 */
public record HttpRequest(
    String method,
    String path,
    Map<String, List<String>> query,
    Headers headers,
    RequestBody body,
    boolean secure,
    List<X509Certificate> clientCertificates,
    String remote) {

  /** The last value of a query parameter, as the peers read it. */
  public Optional<String> queryValue(String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }
}
