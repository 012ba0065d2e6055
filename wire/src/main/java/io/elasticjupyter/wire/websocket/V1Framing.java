// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The framing of the subprotocol {@value #SUBPROTOCOL} (jupyter_server documentation, "websocket
 * kernel protocols"): one binary frame of a count N as little-endian uint64, N offsets of the same
 * type from the frame's start, then channel, header, parent header, metadata, content and buffers
 * back to back. N is the number of parts and two more, the last offset is the frame's length.
 *
 * <p>Stricter than the peers where they follow any number that a frame holds: count and offsets
 * must lie inside the frame, grow, and leave no gap, so that each message has one encoding.
 */
public record V1Framing() implements Framing {

  /** The websocket subprotocol by which client and server agree on this framing. */
  public static final String SUBPROTOCOL = "v1.kernel.websocket.jupyter.org";

  private static final int WORD = Long.BYTES;

  /** Offsets of the channel and of the end, which are not those of a message's parts. */
  private static final int OTHER_OFFSETS = 2;

  private static final int LONGEST_CHANNEL = 16;

  @Override
  public JupyterMessage decodeText(byte[] utf8) throws FramingException {
    throw new FramingException.UnexpectedText();
  }

  @Override
  public JupyterMessage decodeBinary(ByteBuffer frame) throws FramingException {
    ByteBuffer bytes = frame.slice().order(ByteOrder.LITTLE_ENDIAN);
    int[] offsets = offsets(bytes);
    Channel channel = channel(slice(bytes, offsets, 0));
    int buffers = offsets.length - OTHER_OFFSETS - JupyterMessage.FIXED_PARTS;
    List<byte[]> buffer = new ArrayList<>(buffers);
    for (int i = 0; i < buffers; i++) {
      buffer.add(slice(bytes, offsets, 1 + JupyterMessage.FIXED_PARTS + i));
    }
    return new JupyterMessage(
        channel,
        ClientParts.header(slice(bytes, offsets, 1)),
        ClientParts.objectOrNull("parent header", slice(bytes, offsets, 2)),
        ClientParts.objectOrNull("metadata", slice(bytes, offsets, 3)),
        ClientParts.objectOrNull("content", slice(bytes, offsets, 4)),
        buffer);
  }

  /** Reads count and offsets; nothing is allocated before they are known to fit the frame. */
  private static int[] offsets(ByteBuffer bytes) throws FramingException {
    int length = bytes.limit();
    if (length < WORD) {
      throw new FramingException.BadOffsets("length is below that of an offset count");
    }
    long count = bytes.getLong(0);
    if (count < 0 || count > length / WORD - 1) {
      throw new FramingException.BadOffsets("offset count exceeds its length");
    }
    if (count < OTHER_OFFSETS + JupyterMessage.FIXED_PARTS) {
      throw new FramingException.MissingParts();
    }
    int[] offsets = new int[(int) count];
    long previous = (count + 1) * WORD;
    if (bytes.getLong(WORD) != previous) {
      throw new FramingException.BadOffsets("first offset is not the end of its offsets");
    }
    for (int i = 0; i < offsets.length; i++) {
      long offset = bytes.getLong((i + 1) * WORD);
      if (offset < previous || offset > length) {
        throw new FramingException.BadOffsets("offsets do not grow or exceed its length");
      }
      offsets[i] = (int) offset;
      previous = offset;
    }
    if (previous != length) {
      throw new FramingException.BadOffsets("last offset is not its length");
    }
    return offsets;
  }

  private static Channel channel(byte[] name) throws FramingException {
    if (name.length > LONGEST_CHANNEL) {
      throw new FramingException.UnknownChannel();
    }
    return Channel.named(new String(name, UTF_8)).orElseThrow(FramingException.UnknownChannel::new);
  }

  private static byte[] slice(ByteBuffer bytes, int[] offsets, int index) {
    byte[] slice = new byte[offsets[index + 1] - offsets[index]];
    bytes.get(offsets[index], slice);
    return slice;
  }

  @Override
  public WebSocketFrame encode(JupyterMessage message) {
    byte[] head = head(message);
    ByteBuffer frame = ByteBuffer.allocate(Math.toIntExact(head.length + message.size()));
    frame.put(head);
    for (int i = 0; i < message.partCount(); i++) {
      frame.put(message.part(i));
    }
    return new WebSocketFrame.Binary(frame.flip());
  }

  /**
   * All of a message's frame that stands before its parts, which follow back to back as they are:
   * for a writer that need not copy a large message into one array first.
   */
  public byte[] head(JupyterMessage message) {
    byte[] channel = message.channel().wireName().getBytes(UTF_8);
    int count = message.partCount() + OTHER_OFFSETS;
    int table = Math.multiplyExact(count + 1, WORD);
    byte[] head = new byte[table + channel.length];
    ByteBuffer words = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    words.putLong(count);
    long offset = table;
    words.putLong(offset);
    offset += channel.length;
    words.putLong(offset);
    for (int i = 0; i < message.partCount(); i++) {
      offset += message.part(i).length;
      words.putLong(offset);
    }
    words.put(channel);
    return head;
  }
}
