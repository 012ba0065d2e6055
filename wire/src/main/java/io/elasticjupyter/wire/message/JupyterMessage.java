// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.message;

import java.util.List;

/**
 * One message as the raw bytes of its parts, without ZeroMQ identities, delimiter and signature.
 *
 * <p>The arrays are shared, never copied: whoever holds a message must not write to them. Instances
 * are safe to pass between threads for that reason.
 *
 * @param channel where it came from or goes to
 * @param header JSON object
 * @param parentHeader JSON object, {@code {}} where there is no parent
 * @param metadata JSON object
 * @param content JSON object
 * @param buffers raw binary buffers, often none
 */
public record JupyterMessage(
    Channel channel,
    byte[] header,
    byte[] parentHeader,
    byte[] metadata,
    byte[] content,
    List<byte[]> buffers) {

  /** Parts that every message has: header, parent header, metadata, content. */
  public static final int FIXED_PARTS = 4;

  public JupyterMessage {
    buffers = List.copyOf(buffers);
  }

  /** Bytes of all parts, the measure by which queues and logs are bounded. */
  public long size() {
    long size = (long) header.length + parentHeader.length + metadata.length + content.length;
    for (byte[] buffer : buffers) {
      size += buffer.length;
    }
    return size;
  }

  /** How many parts it has on the wire after the signature. */
  public int partCount() {
    return FIXED_PARTS + buffers.size();
  }

  /** Part by index: 0 header, 1 parent header, 2 metadata, 3 content, then the buffers. */
  public byte[] part(int index) {
    return switch (index) {
      case 0 -> header;
      case 1 -> parentHeader;
      case 2 -> metadata;
      case 3 -> content;
      default -> buffers.get(index - FIXED_PARTS);
    };
  }
}
