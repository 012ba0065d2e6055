// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.websocket;

import io.elasticjupyter.wire.message.JupyterMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The framing without a subprotocol, of jupyter_server's gateway client and older programs: a text
 * frame of one JSON object whose fields are the message's parts; with buffers a binary frame of a
 * count N as big-endian uint32, N offsets of the same type from the frame's start, that JSON, and
 * the buffers.
 *
 * <p>The parts are cut out of that object and put into it as they are, never parsed and written
 * anew, so numbers and escapes stay as they were. From a kernel's message that is no clean JSON the
 * frame is made clean, since a client that cannot read one frame may give up the connection: bytes
 * that are not UTF-8 become U+FFFD, as jupyter_client reads them, and a part that is no JSON object
 * even then becomes an empty one.
 */
public record LegacyFraming() implements Framing {

  private static final int WORD = Integer.BYTES;

  @Override
  public JupyterMessage decodeText(byte[] utf8) throws FramingException {
    return LegacyJson.decode(utf8, List.of());
  }

  @Override
  public JupyterMessage decodeBinary(ByteBuffer frame) throws FramingException {
    ByteBuffer bytes = frame.slice();
    int[] offsets = offsets(bytes);
    byte[] json = slice(bytes, offsets, 0);
    List<byte[]> buffers = new ArrayList<>(offsets.length - 2);
    for (int i = 1; i < offsets.length - 1; i++) {
      buffers.add(slice(bytes, offsets, i));
    }
    return LegacyJson.decode(json, buffers);
  }

  /**
   * Reads count and offsets, and adds the frame's length as the end of the last part; nothing is
   * allocated before they are known to fit the frame.
   */
  private static int[] offsets(ByteBuffer bytes) throws FramingException {
    int length = bytes.limit();
    if (length < WORD) {
      throw new FramingException.BadOffsets("length is below that of an offset count");
    }
    long count = Integer.toUnsignedLong(bytes.getInt(0));
    if (count > length / WORD - 1) {
      throw new FramingException.BadOffsets("offset count exceeds its length");
    }
    if (count == 0) {
      throw new FramingException.MissingParts();
    }
    int[] offsets = new int[(int) count + 1];
    long previous = (count + 1) * WORD;
    if (Integer.toUnsignedLong(bytes.getInt(WORD)) != previous) {
      throw new FramingException.BadOffsets("first offset is not the end of its offsets");
    }
    for (int i = 0; i < count; i++) {
      long offset = Integer.toUnsignedLong(bytes.getInt((i + 1) * WORD));
      if (offset < previous || offset > length) {
        throw new FramingException.BadOffsets("offsets do not grow or exceed its length");
      }
      offsets[i] = (int) offset;
      previous = offset;
    }
    offsets[offsets.length - 1] = length;
    return offsets;
  }

  private static byte[] slice(ByteBuffer bytes, int[] offsets, int index) {
    byte[] slice = new byte[offsets[index + 1] - offsets[index]];
    bytes.get(offsets[index], slice);
    return slice;
  }

  @Override
  public WebSocketFrame encode(JupyterMessage message) {
    if (message.buffers().isEmpty()) {
      return new WebSocketFrame.Text(LegacyJson.encode(message));
    }
    byte[] json = LegacyJson.encode(message);
    List<byte[]> buffers = message.buffers();
    int count = 1 + buffers.size();
    long offset = Math.multiplyExact(count + 1, WORD);
    long length = offset + json.length;
    for (byte[] buffer : buffers) {
      length += buffer.length;
    }
    ByteBuffer frame = ByteBuffer.allocate(Math.toIntExact(length));
    frame.putInt(count);
    frame.putInt((int) offset);
    offset += json.length;
    for (int i = 0; i < buffers.size(); i++) {
      frame.putInt((int) offset);
      offset += buffers.get(i).length;
    }
    frame.put(json);
    for (byte[] buffer : buffers) {
      frame.put(buffer);
    }
    return new WebSocketFrame.Binary(frame.flip());
  }
}
