// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * HTTPS. All files are PEM.
 *
 * @param certificate the server's certificate, then its chain ({@code EG_CERTFILE})
 * @param key its private key, PKCS#8 or PKCS#1, without a password ({@code EG_KEYFILE})
 * @param clientAuthorities certificates of those who sign clients; where present a client must show
 *     a certificate that one of them signed ({@code EG_CLIENT_CA})
 * @param authorizedOrigin name that the client's certificate must carry, else 403 ({@code
 *     EG_AUTHORIZED_ORIGIN})
 */
public record TlsConfig(
    Path certificate,
    Path key,
    Optional<Path> clientAuthorities,
    Optional<String> authorizedOrigin) {

  public TlsConfig {
    if (authorizedOrigin.isPresent() && clientAuthorities.isEmpty()) {
      throw new IllegalArgumentException(
          "an authorized origin needs client authorities, or no client shows a certificate");
    }
  }
}
