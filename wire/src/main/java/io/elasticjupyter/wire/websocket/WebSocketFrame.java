// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.websocket;

import java.nio.ByteBuffer;

/** One websocket message of either type, whole. The bytes are not to be written to. */
public sealed interface WebSocketFrame {

  /**
   * Text, valid UTF-8.
   *
   * @param utf8 its encoded form, ready to send
   */
  record Text(byte[] utf8) implements WebSocketFrame {}

  /**
   * Binary.
   *
   * @param bytes ready to be read
   */
  record Binary(ByteBuffer bytes) implements WebSocketFrame {}
}
