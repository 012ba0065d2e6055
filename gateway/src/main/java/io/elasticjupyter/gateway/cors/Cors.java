// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.cors;

import io.elasticjupyter.gateway.config.CorsConfig;
import io.elasticjupyter.gateway.http.Header;
import io.elasticjupyter.gateway.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The Access-Control-* headers of every response, and which Origin a request may carry. A request
 * without an Origin does not come from a page, so there is nothing to check.
 */
public final class Cors {

  private final List<Header> headers;
  private final Optional<String> allowOrigin;

  public Cors(CorsConfig config) {
    this.allowOrigin = config.allowOrigin();
    List<Header> configured = new ArrayList<>();
    add(configured, "Access-Control-Allow-Credentials", config.allowCredentials());
    add(configured, "Access-Control-Allow-Headers", config.allowHeaders());
    add(configured, "Access-Control-Allow-Methods", config.allowMethods());
    add(configured, "Access-Control-Allow-Origin", config.allowOrigin());
    add(configured, "Access-Control-Expose-Headers", config.exposeHeaders());
    add(configured, "Access-Control-Max-Age", config.maxAge());
    this.headers = List.copyOf(configured);
  }

  private static void add(List<Header> configured, String name, Optional<String> value) {
    value.ifPresent(text -> configured.add(new Header(name, text)));
  }

  /** What every response carries. */
  public List<Header> headers() {
    return headers;
  }

  /** Whether the request's Origin is the gateway itself or one that is allowed. */
  public boolean allows(HttpRequest request) {
    Optional<String> origin = request.headers().first("Origin");
    Optional<String> host = request.headers().first("Host");
    if (origin.isEmpty() || host.isEmpty() || allowOrigin.equals(Optional.of("*"))) {
      return true;
    }
    String asked = origin.get().toLowerCase(Locale.ROOT);
    String own = host.get().toLowerCase(Locale.ROOT);
    return asked.equals("http://" + own)
        || asked.equals("https://" + own)
        || allowOrigin.filter(allowed -> allowed.equalsIgnoreCase(asked)).isPresent();
  }
}
