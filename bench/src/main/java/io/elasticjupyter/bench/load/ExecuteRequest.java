// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * An execute request as the bytes of its parts.
 *
 * @param messageId unique in its session
 */
record ExecuteRequest(String messageId, byte[] header, byte[] content) {
  static final byte[] EMPTY = "{}".getBytes(UTF_8);

  /**
   * Writes a request.
   *
   * @param code must need no escape in JSON other than those made here: quotes, backslashes, line
   *     ends
   */
  static ExecuteRequest of(String session, long serial, String code) {
    // Not session_serial, which jupyter_client uses: gateways ask a kernel under the client's
    // session.
    String messageId = "execute-" + session + "-" + serial;
    String escaped = code.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    String content =
        "{\"code\":\"%s\",\"silent\":false,\"store_history\":false,\"user_expressions\":{},\"allow_stdin\":false,\"stop_on_error\":false}"
            .formatted(escaped);
    byte[] header = header(messageId, session, "execute_request");
    return new ExecuteRequest(messageId, header, content.getBytes(UTF_8));
  }

  /** A header of any request. */
  static byte[] header(String messageId, String session, String type) {
    return "{\"msg_id\":\"%s\",\"session\":\"%s\",\"username\":\"bench\",\"date\":\"2026-01-01T00:00:00.000000Z\",\"msg_type\":\"%s\",\"version\":\"5.4\"}"
        .formatted(messageId, session, type)
        .getBytes(UTF_8);
  }
}
