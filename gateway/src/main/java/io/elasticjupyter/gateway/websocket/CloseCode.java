// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.websocket;

/** The close codes that the gateway sends (RFC 6455 section 7.4.1 and IANA's registry). */
public enum CloseCode {
  /** Done; JupyterLab does not come back after it. */
  NORMAL(1000),
  PROTOCOL_ERROR(1002),
  UNSUPPORTED_DATA(1003),
  INVALID_DATA(1007),
  TOO_BIG(1009),
  INTERNAL_ERROR(1011),
  SERVICE_RESTART(1012),
  TRY_AGAIN_LATER(1013);

  private final int number;

  CloseCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
