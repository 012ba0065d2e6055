// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.elasticjupyter.wire.zmtp.ZmtpException.BadCommand;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The properties in a READY command: a name with one byte of length, a value with four (RFC 37,
 * "Metadata"). Names are compared without regard to case and are kept in lower case.
 */
record ReadyMetadata(Map<String, byte[]> properties) {

  private static final String SOCKET_TYPE = "Socket-Type";
  private static final String IDENTITY = "Identity";

  ReadyMetadata {
    properties = Map.copyOf(properties);
  }

  static ReadyMetadata parse(ByteBuffer data) throws BadCommand {
    Map<String, byte[]> properties = new LinkedHashMap<>();
    while (data.hasRemaining()) {
      int nameLength = Byte.toUnsignedInt(data.get());
      if (nameLength == 0 || nameLength + Integer.BYTES > data.remaining()) {
        throw new BadCommand("A property name in READY is empty or cut off.");
      }
      byte[] name = new byte[nameLength];
      data.get(name);
      int valueLength = data.getInt();
      if (valueLength < 0 || valueLength > data.remaining()) {
        throw new BadCommand("A property value in READY is cut off.");
      }
      byte[] value = new byte[valueLength];
      data.get(value);
      if (properties.put(key(new String(name, ISO_8859_1)), value) != null) {
        throw new BadCommand("A property in READY is given twice.");
      }
    }
    return new ReadyMetadata(properties);
  }

  /** What we announce. libzmq compares names with regard to case, so they are written exactly. */
  static byte[] ours(SocketType type, byte[] identity) {
    byte[] socketType = property(SOCKET_TYPE, type.wireName().getBytes(ISO_8859_1));
    // Only types that a ROUTER addresses announce an identity (RFC 37, "Socket Semantics").
    if (type != SocketType.DEALER || identity.length == 0) {
      return socketType;
    }
    byte[] named = property(IDENTITY, identity);
    return ByteBuffer.allocate(socketType.length + named.length).put(socketType).put(named).array();
  }

  Optional<String> socketType() {
    return Optional.ofNullable(properties.get(key(SOCKET_TYPE)))
        .map(value -> new String(value, ISO_8859_1));
  }

  private static byte[] property(String name, byte[] value) {
    return ByteBuffer.allocate(1 + name.length() + Integer.BYTES + value.length)
        .put((byte) name.length())
        .put(name.getBytes(ISO_8859_1))
        .putInt(value.length)
        .put(value)
        .array();
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
