// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An ordinary response. Content-Length is the server's to add.
 *
 * @param status its status
 * @param reason phrase of the status line where it is not the standard one
 * @param headers header fields
 * @param body its bytes, shared, not to be written to
 */
public record HttpResponse(int status, Optional<String> reason, List<Header> headers, byte[] body)
    implements HttpAnswer {

  private static final byte[] NOTHING = {};

  public HttpResponse {
    headers = List.copyOf(headers);
  }

  public static HttpResponse empty(int status) {
    return new HttpResponse(status, Optional.empty(), List.of(), NOTHING);
  }

  public static HttpResponse json(int status, byte[] body) {
    return of(status, "application/json", body);
  }

  public static HttpResponse text(int status, String contentType, String body) {
    return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  public static HttpResponse of(int status, String contentType, byte[] body) {
    return new HttpResponse(
        status, Optional.empty(), List.of(new Header("Content-Type", contentType)), body);
  }

  public HttpResponse withReason(String phrase) {
    return new HttpResponse(status, Optional.of(phrase), headers, body);
  }

  public HttpResponse with(String name, String value) {
    return withAll(List.of(new Header(name, value)));
  }

  public HttpResponse withAll(List<Header> more) {
    List<Header> all = new ArrayList<>(headers);
    all.addAll(more);
    return new HttpResponse(status, reason, all, body);
  }
}
