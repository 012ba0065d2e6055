// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Builds what a peer may say, byte by byte and independent of our own writer. */
final class ZmtpBytes {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  static ZmtpBytes start() {
    return new ZmtpBytes();
  }

  ZmtpBytes raw(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  ZmtpBytes raw(byte[] values) {
    bytes.writeBytes(values);
    return this;
  }

  ZmtpBytes text(String text) {
    return raw(text.getBytes(ISO_8859_1));
  }

  ZmtpBytes int64(long value) {
    return raw(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  ZmtpBytes greeting(int major, int minor, String mechanism) {
    return raw(0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, major, minor)
        .raw(Arrays.copyOf(mechanism.getBytes(ISO_8859_1), 20))
        .raw(new byte[32]);
  }

  ZmtpBytes shortFrame(int flags, byte[] body) {
    return raw(flags, body.length).raw(body);
  }

  ZmtpBytes longFrame(int flags, byte[] body) {
    return raw(flags | 0x02).int64(body.length).raw(body);
  }

  ZmtpBytes frame(int flags, byte[] body) {
    return body.length > 255 ? longFrame(flags, body) : shortFrame(flags, body);
  }

  ZmtpBytes message(List<byte[]> parts) {
    for (int i = 0; i < parts.size(); i++) {
      frame(i < parts.size() - 1 ? 0x01 : 0, parts.get(i));
    }
    return this;
  }

  ZmtpBytes message(String... parts) {
    return message(Arrays.stream(parts).map(part -> part.getBytes(ISO_8859_1)).toList());
  }

  ZmtpBytes command(String name, byte[] data) {
    return frame(0x04, start().raw(name.length()).text(name).raw(data).toArray());
  }

  ZmtpBytes ready(String socketType) {
    return command("READY", property("Socket-Type", socketType));
  }

  ZmtpBytes ping(int timeToLive, String context) {
    return command("PING", start().raw(timeToLive >> 8, timeToLive & 0xff).text(context).toArray());
  }

  static byte[] property(String name, String value) {
    return start()
        .raw(name.length())
        .text(name)
        .raw(ByteBuffer.allocate(Integer.BYTES).putInt(value.length()).array())
        .text(value)
        .toArray();
  }

  byte[] toArray() {
    return bytes.toByteArray();
  }
}
