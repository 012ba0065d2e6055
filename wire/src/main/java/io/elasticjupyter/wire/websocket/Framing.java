// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.websocket;

import io.elasticjupyter.wire.message.JupyterMessage;
import java.nio.ByteBuffer;
import java.util.Collection;

/**
 * Messages to websocket frames and back. Stateless and safe for any thread. Both directions keep
 * the JSON parts as the bytes that they were.
 */
public sealed interface Framing permits V1Framing, LegacyFraming {

  /**
   * The framing for a client that offers these subprotocols. The answer to the client names {@link
   * V1Framing#SUBPROTOCOL} if it is chosen, and no subprotocol otherwise.
   */
  static Framing negotiate(Collection<String> offeredSubprotocols) {
    return offeredSubprotocols.contains(V1Framing.SUBPROTOCOL)
        ? new V1Framing()
        : new LegacyFraming();
  }

  /** Decodes a text frame that a client sent. */
  JupyterMessage decodeText(byte[] utf8) throws FramingException;

  /** Decodes a binary frame that a client sent, from the buffer's position to its limit. */
  JupyterMessage decodeBinary(ByteBuffer frame) throws FramingException;

  /**
   * Encodes a message for a client.
   *
   * @throws ArithmeticException if it does not fit into one array; message sizes are limited far
   *     below where they enter
   */
  WebSocketFrame encode(JupyterMessage message);
}
