// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.errors;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The JSON of every error: {@code reason} and {@code message} as Enterprise Gateway's clients read
 * them, and our stable {@code code}. There is never a stack trace in it.
 */
public final class ErrorBody {

  private ErrorBody() {}

  public static byte[] of(ApiFailure failure) {
    return of(failure.reason(), failure.message(), failure.code().wireName());
  }

  /** For what fails before it is a request of ours, where the status is all there is. */
  public static byte[] of(int status, String message) {
    return of(StatusPhrase.of(status), message, FailureCode.MALFORMED_REQUEST.wireName());
  }

  private static byte[] of(String reason, String message, String code) {
    String json =
        "{\"reason\": \"%s\", \"message\": \"%s\", \"code\": \"%s\"}"
            .formatted(quoted(reason), quoted(message), code);
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }
}
