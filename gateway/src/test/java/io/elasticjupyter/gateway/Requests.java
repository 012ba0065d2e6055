// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import io.elasticjupyter.gateway.http.Header;
import io.elasticjupyter.gateway.http.Headers;
import io.elasticjupyter.gateway.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Requests without a connection, for tests of what only looks at them. */
public final class Requests {

  private Requests() {}

  /** A GET with these header names and values. */
  public static HttpRequest get(Map<String, List<String>> query, String... headers) {
    List<Header> fields = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      fields.add(new Header(headers[i], headers[i + 1]));
    }
    return of("GET", "/api", query, fields);
  }

  /** Without query and headers. */
  public static HttpRequest of(String method, String path) {
    return of(method, path, Map.of(), List.of());
  }

  private static HttpRequest of(
      String method, String path, Map<String, List<String>> query, List<Header> fields) {
    return new HttpRequest(
        method, path, query, new Headers(fields), () -> new byte[0], false, List.of(), "127.0.0.1");
  }
}
