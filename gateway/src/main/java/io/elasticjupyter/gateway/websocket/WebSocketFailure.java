// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.websocket;

/** What a client sent breaks the protocol; its websocket is closed with this code and reason. */
public final class WebSocketFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final CloseCode code;

  public WebSocketFailure(CloseCode code, String reason) {
    // Clients may break the protocol as often as they like: no stack trace is filled in for them.
    super(reason, null, false, false);
    this.code = code;
  }

  public CloseCode code() {
    return code;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }
}
