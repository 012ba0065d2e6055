// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.callback;

/** Why what a caller sent is no answer of a kernel. Never holds what was sent. */
final class AnswerRefused extends Exception {

  private static final long serialVersionUID = 1L;

  /** Stable words, for logs. */
  enum Reason {
    TOO_LONG("too-long"),
    TOO_SLOW("too-slow"),
    NO_RECORD("no-record"),
    UNKNOWN_VERSION("unknown-version"),
    OLD_VERSION("old-version"),
    NOT_FOR_THIS_GATEWAY("not-for-this-gateway"),
    NO_CONNECTION_FILE("no-connection-file");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  private final Reason reason;

  AnswerRefused(Reason reason) {
    super(reason.code());
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
