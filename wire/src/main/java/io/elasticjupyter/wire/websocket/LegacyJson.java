// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.wire.json.JsonException;
import io.elasticjupyter.wire.json.JsonException.Problem;
import io.elasticjupyter.wire.json.JsonScanner;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON object of the legacy framing: a message's parts spliced into it and cut out of it. */
final class LegacyJson {

  private static final byte[] HEADER = ascii("{\"header\":");
  private static final byte[] MSG_ID = ascii(",\"msg_id\":");
  private static final byte[] MSG_TYPE = ascii(",\"msg_type\":");
  private static final byte[] PARENT_HEADER = ascii(",\"parent_header\":");
  private static final byte[] METADATA = ascii(",\"metadata\":");
  private static final byte[] CONTENT = ascii(",\"content\":");
  private static final byte[] NO_BUFFERS = ascii(",\"buffers\":[]");
  private static final byte[] CHANNEL = ascii(",\"channel\":\"");
  private static final byte[] END = ascii("\"}");
  private static final byte[] EMPTY_STRING = ascii("\"\"");

  private LegacyJson() {}

  static JupyterMessage decode(byte[] json, List<byte[]> buffers) throws FramingException {
    try {
      return new Decoder(json).decode(buffers);
    } catch (JsonException e) {
      throw new FramingException.InvalidJson("message", e);
    }
  }

  /** The fields of one message, filled in while its JSON is walked over once. */
  private static final class Decoder {

    private final byte[] json;
    private final JsonScanner scanner;
    private @Nullable String channel;
    private byte @Nullable [] header;
    private byte @Nullable [] parentHeader;
    private byte @Nullable [] metadata;
    private byte @Nullable [] content;
    private boolean buffersSeen;

    Decoder(byte[] json) {
      this.json = json;
      this.scanner = new JsonScanner(json);
    }

    JupyterMessage decode(List<byte[]> buffers) throws JsonException, FramingException {
      scanner.beginObject();
      while (scanner.nextField()) {
        if (scanner.nameIs("header")) {
          header = object("header", header);
        } else if (scanner.nameIs("parent_header")) {
          parentHeader = object("parent_header", parentHeader);
        } else if (scanner.nameIs("metadata")) {
          metadata = object("metadata", metadata);
        } else if (scanner.nameIs("content")) {
          content = object("content", content);
        } else if (scanner.nameIs("channel")) {
          channel = channel();
        } else if (scanner.nameIs("buffers")) {
          skipNoBuffers();
        } else {
          scanner.skipValue();
        }
      }
      scanner.expectEnd();
      byte[] presentHeader = header;
      if (presentHeader == null || presentHeader.length == 0) {
        throw new FramingException.MissingHeader();
      }
      return new JupyterMessage(
          channel == null || channel.isEmpty() ? Channel.SHELL : named(channel),
          presentHeader,
          orEmptyObject(parentHeader),
          orEmptyObject(metadata),
          orEmptyObject(content),
          buffers);
    }

    /** The raw bytes of an object; none for null. */
    private byte[] object(String field, byte @Nullable [] before)
        throws JsonException, FramingException {
      if (before != null) {
        throw new FramingException.DuplicateField(field);
      }
      boolean isObject = scanner.valueStartsWith('{');
      boolean isNull = scanner.valueStartsWith('n');
      scanner.skipValue();
      if (!isObject && !isNull) {
        throw new FramingException.BadField(field, "an object");
      }
      return isNull
          ? new byte[0]
          : Arrays.copyOfRange(json, scanner.valueStart(), scanner.valueEnd());
    }

    /** The channel's name; an empty one for null. */
    private String channel() throws JsonException, FramingException {
      if (channel != null) {
        throw new FramingException.DuplicateField("channel");
      }
      if (scanner.valueStartsWith('n')) {
        return scanner.stringValueOrEmpty();
      }
      if (!scanner.valueStartsWith('"')) {
        scanner.skipValue();
        throw new FramingException.BadField("channel", "a string");
      }
      String name = scanner.stringValue();
      if (name.isEmpty()) {
        throw new FramingException.UnknownChannel();
      }
      return name;
    }

    /** Buffers travel behind the JSON; inside it their field is empty or null. */
    private void skipNoBuffers() throws JsonException, FramingException {
      if (buffersSeen) {
        throw new FramingException.DuplicateField("buffers");
      }
      buffersSeen = true;
      boolean isNull = scanner.valueStartsWith('n');
      boolean isArray = scanner.valueStartsWith('[');
      scanner.skipValue();
      if (!isNull && !(isArray && isBlank(scanner.valueStart() + 1, scanner.valueEnd() - 1))) {
        throw new FramingException.BadField("buffers", "an empty array");
      }
    }

    private boolean isBlank(int from, int to) {
      for (int i = from; i < to; i++) {
        if (json[i] > ' ') {
          return false;
        }
      }
      return true;
    }

    private static Channel named(String name) throws FramingException {
      return Channel.named(name).orElseThrow(FramingException.UnknownChannel::new);
    }

    private static byte[] orEmptyObject(byte @Nullable [] part) {
      return part == null || part.length == 0 ? ClientParts.emptyObject() : part;
    }
  }

  static byte[] encode(JupyterMessage message) {
    byte[] header = clean(message.header());
    byte[] parentHeader = clean(message.parentHeader());
    byte[] metadata = clean(message.metadata());
    byte[] content = clean(message.content());
    byte[] msgId = EMPTY_STRING;
    byte[] msgType = EMPTY_STRING;
    try {
      JsonScanner scanner = new JsonScanner(header);
      scanner.beginObject();
      while (scanner.nextField()) {
        boolean isId = scanner.nameIs("msg_id");
        boolean isType = scanner.nameIs("msg_type");
        boolean isString = scanner.valueStartsWith('"');
        scanner.skipValue();
        if ((isId || isType) && isString) {
          byte[] value = Arrays.copyOfRange(header, scanner.valueStart(), scanner.valueEnd());
          msgId = isId ? value : msgId;
          msgType = isType ? value : msgType;
        }
      }
    } catch (JsonException e) {
      throw new IllegalStateException("the header was found to be a JSON object", e);
    }
    byte[] channel = ascii(message.channel().wireName());
    byte[] noBuffers = message.buffers().isEmpty() ? NO_BUFFERS : new byte[0];
    return join(
        HEADER,
        header,
        MSG_ID,
        msgId,
        MSG_TYPE,
        msgType,
        PARENT_HEADER,
        parentHeader,
        METADATA,
        metadata,
        CONTENT,
        content,
        noBuffers,
        CHANNEL,
        channel,
        END);
  }

  /** The part itself where it is a JSON object in UTF-8, as it always is from a sound kernel. */
  private static byte[] clean(byte[] part) {
    try {
      ClientParts.requireObject(part);
      return part;
    } catch (JsonException e) {
      return e.problem() == Problem.ENCODING ? repaired(part) : ClientParts.emptyObject();
    }
  }

  private static byte[] repaired(byte[] part) {
    byte[] utf8 = new String(part, UTF_8).getBytes(UTF_8);
    try {
      ClientParts.requireObject(utf8);
      return utf8;
    } catch (JsonException _) {
      return ClientParts.emptyObject();
    }
  }

  private static byte[] join(byte[]... pieces) {
    long length = 0;
    for (byte[] piece : pieces) {
      length += piece.length;
    }
    ByteBuffer joined = ByteBuffer.allocate(Math.toIntExact(length));
    for (byte[] piece : pieces) {
      joined.put(piece);
    }
    return joined.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
