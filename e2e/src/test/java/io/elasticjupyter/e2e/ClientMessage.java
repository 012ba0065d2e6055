// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A Jupyter message as a client has it, with both framings of its websocket: written here a second
 * time, from the documentation of jupyter_server, so that a mistake of ours is not made twice.
 */
record ClientMessage(
    String channel,
    JsonNode header,
    JsonNode parentHeader,
    JsonNode metadata,
    JsonNode content,
    List<byte[]> buffers) {

  String type() {
    return header.path("msg_type").asText();
  }

  String id() {
    return header.path("msg_id").asText();
  }

  /** The id of the request that this is about. */
  String parentId() {
    return parentHeader.path("msg_id").asText();
  }

  /** The text of a stream message; empty for others. */
  String text() {
    return content.path("text").asText();
  }

  boolean is(String wanted) {
    return type().equals(wanted);
  }

  /** Whether it is the reply to that request. */
  boolean replies(String request) {
    return type().endsWith("_reply") && parentId().equals(request);
  }

  boolean isStatus(String state) {
    return is("status") && content.path("execution_state").asText().equals(state);
  }

  /** The frame of {@code v1.kernel.websocket.jupyter.org}. */
  byte[] toV1() {
    List<byte[]> parts = new ArrayList<>();
    parts.add(channel.getBytes(StandardCharsets.UTF_8));
    for (JsonNode part : List.of(header, parentHeader, metadata, content)) {
      parts.add(part.toString().getBytes(StandardCharsets.UTF_8));
    }
    parts.addAll(buffers);
    int offset = 8 * (parts.size() + 2);
    ByteBuffer frame =
        ByteBuffer.allocate(offset + parts.stream().mapToInt(part -> part.length).sum())
            .order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(parts.size() + 1L);
    frame.putLong(offset);
    for (byte[] part : parts) {
      offset += part.length;
      frame.putLong(offset);
    }
    parts.forEach(frame::put);
    return frame.array();
  }

  static ClientMessage ofV1(byte[] frame) {
    ByteBuffer buffer = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    int count = Math.toIntExact(buffer.getLong()) - 1;
    List<byte[]> parts = new ArrayList<>();
    int from = Math.toIntExact(buffer.getLong());
    for (int index = 0; index < count; index++) {
      int to = Math.toIntExact(buffer.getLong());
      byte[] part = new byte[to - from];
      System.arraycopy(frame, from, part, 0, part.length);
      parts.add(part);
      from = to;
    }
    try {
      return new ClientMessage(
          new String(parts.getFirst(), StandardCharsets.UTF_8),
          Rest.JSON.readTree(parts.get(1)),
          Rest.JSON.readTree(parts.get(2)),
          Rest.JSON.readTree(parts.get(3)),
          Rest.JSON.readTree(parts.get(4)),
          List.copyOf(parts.subList(5, parts.size())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of the framing that has no name; for messages without buffers. */
  String toLegacy() {
    return Rest.JSON
        .createObjectNode()
        .put("channel", channel)
        .put("msg_id", id())
        .put("msg_type", type())
        .<ObjectNode>set("header", header)
        .<ObjectNode>set("parent_header", parentHeader)
        .<ObjectNode>set("metadata", metadata)
        .<ObjectNode>set("content", content)
        .toString();
  }

  static ClientMessage ofLegacy(String text) {
    try {
      JsonNode json = Rest.JSON.readTree(text);
      return new ClientMessage(
          json.path("channel").asText(),
          json.path("header"),
          json.path("parent_header"),
          json.path("metadata"),
          json.path("content"),
          List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
