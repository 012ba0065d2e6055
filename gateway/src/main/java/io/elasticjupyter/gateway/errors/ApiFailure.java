// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.errors;

import java.util.Optional;

/**
 * A request that is refused, with a sentence for the person who sent it. Made at the edge, turned
 * into a response in one place, never logged on the way.
 */
public final class ApiFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final FailureCode code;
  private final String reason;

  private ApiFailure(FailureCode code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  /** With the status's standard phrase as reason. */
  public static ApiFailure of(FailureCode code, String message) {
    return new ApiFailure(code, StatusPhrase.of(code.status()), message);
  }

  /** With a reason of its own, which also stands in the status line. */
  public static ApiFailure withReason(FailureCode code, String reason, String message) {
    return new ApiFailure(code, reason, message);
  }

  public FailureCode code() {
    return code;
  }

  public int status() {
    return code.status();
  }

  /** Short, for the status line and the body's {@code reason}. */
  public String reason() {
    return reason;
  }

  /** The body's {@code message}; empty where there is nothing to add to the reason. */
  public String message() {
    return Optional.ofNullable(getMessage()).orElse("");
  }
}
