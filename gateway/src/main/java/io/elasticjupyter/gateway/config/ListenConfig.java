// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.config;

/**
 * Where the gateway listens.
 *
 * @param address IP address or host name to bind ({@code EG_IP})
 * @param port first port to try; 0 lets the system choose ({@code EG_PORT})
 * @param portRetries how many ports above a taken one are tried ({@code EG_PORT_RETRIES}); no
 *     meaning with port 0
 * @param basePath path before every route, such as {@code /gateway} ({@code EG_BASE_URL}); slashes
 *     at its ends make no difference
 * @param trustForwardedHeaders whether a proxy's X-Forwarded-* headers name the client ({@code
 *     EG_TRUST_XHEADERS})
 */
public record ListenConfig(
    String address, int port, int portRetries, String basePath, boolean trustForwardedHeaders) {

  public ListenConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be between 0 and 65535, is " + port);
    }
    if (portRetries < 0) {
      throw new IllegalArgumentException("port retries must not be negative, are " + portRetries);
    }
    basePath = normalized(basePath);
  }

  public static ListenConfig defaults() {
    return new ListenConfig("127.0.0.1", 8888, 50, "/", false);
  }

  /**
   * The form that routes are appended to: empty for the root, else a leading and no final slash.
   */
  private static String normalized(String basePath) {
    String trimmed = basePath.strip().replaceAll("^/+|/+$", "");
    return trimmed.isEmpty() ? "" : "/" + trimmed;
  }
}
