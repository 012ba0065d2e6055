// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Messages in the parts of a ZeroMQ multipart message (Jupyter messaging protocol 5.x, "the wire
 * protocol"): identities or topic, delimiter, signature, the four JSON parts, buffers.
 */
public final class Envelope {

  private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(US_ASCII);
  private static final int PARTS_BEFORE_HEADER = 2;

  private Envelope() {}

  /**
   * Takes a message out of its envelope. The signature is checked; whether the parts are JSON is
   * not, since most of them are only passed on.
   *
   * @param channel where it was received
   * @param zmqParts as received, with or without identities and topic
   */
  public static JupyterMessage open(Channel channel, List<byte[]> zmqParts, Signer signer)
      throws MessageException {
    int delimiter = 0;
    while (delimiter < zmqParts.size() && !Arrays.equals(zmqParts.get(delimiter), DELIMITER)) {
      delimiter++;
    }
    if (delimiter == zmqParts.size()) {
      throw new MessageException.MissingDelimiter();
    }
    int header = delimiter + PARTS_BEFORE_HEADER;
    int content = header + JupyterMessage.FIXED_PARTS - 1;
    if (content >= zmqParts.size()) {
      throw new MessageException.MissingParts(zmqParts.size() - delimiter - 1);
    }
    List<byte[]> parts = zmqParts.subList(header, zmqParts.size());
    if (!signer.verify(zmqParts.get(delimiter + 1), parts)) {
      throw new MessageException.WrongSignature();
    }
    return new JupyterMessage(
        channel,
        parts.get(0),
        parts.get(1),
        parts.get(2),
        parts.get(3),
        parts.subList(JupyterMessage.FIXED_PARTS, parts.size()));
  }

  /**
   * Puts a message into its envelope, signed. Without an identity: ours is a DEALER socket, and the
   * kernel's ROUTER adds it.
   */
  public static List<byte[]> seal(JupyterMessage message, Signer signer) {
    List<byte[]> parts = new ArrayList<>(PARTS_BEFORE_HEADER + message.partCount());
    parts.add(DELIMITER);
    parts.add(signer.sign(message));
    for (int i = 0; i < message.partCount(); i++) {
      parts.add(message.part(i));
    }
    return parts;
  }
}
