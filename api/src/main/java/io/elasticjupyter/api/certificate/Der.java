// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** Elements in DER (ITU-T X.690), as many kinds as a certificate needs. Pure. */
final class Der {

  private static final int BOOLEAN = 0x01;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;

  private static final int CONTEXT = 0x80;
  private static final int CONSTRUCTED = 0x20;
  private static final int SHORT_LENGTH = 0x80;
  private static final int CONTINUED = 0x80;
  private static final int ARCS = 40;

  private static final Instant LONG_YEARS = Instant.parse("2050-01-01T00:00:00Z");
  private static final DateTimeFormatter SHORT_YEAR =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter LONG_YEAR =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Der() {}

  private static byte[] element(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 4);
    out.write(tag);
    if (content.length < SHORT_LENGTH) {
      out.write(content.length);
    } else {
      // toByteArray begins with a sign, which is 0 here and no part of a length.
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int sign = length[0] == 0 ? 1 : 0;
      out.write(SHORT_LENGTH | (length.length - sign));
      out.write(length, sign, length.length - sign);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] sequence(byte[]... elements) {
    return element(SEQUENCE, joined(elements));
  }

  /** A set of one element, which needs no order. */
  static byte[] set(byte[] only) {
    return element(SET, only);
  }

  static byte[] integer(BigInteger value) {
    return element(INTEGER, value.toByteArray());
  }

  /** True; what is false is left out where that is the default. */
  static byte[] yes() {
    return element(BOOLEAN, new byte[] {(byte) 0xff});
  }

  static byte[] octets(byte[] content) {
    return element(OCTET_STRING, content);
  }

  /**
   * A string of bits.
   *
   * @param unused how many at the end of the last byte are none of it
   */
  static byte[] bits(byte[] content, int unused) {
    return element(BIT_STRING, joined(new byte[] {(byte) unused}, content));
  }

  static byte[] text(String text) {
    return element(UTF8_STRING, text.getBytes(UTF_8));
  }

  /**
   * In seconds. RFC 5280, section 4.1.2.5: two digits of the year until 2049, four from then on.
   */
  static byte[] time(Instant time) {
    return time.isBefore(LONG_YEARS)
        ? element(UTC_TIME, SHORT_YEAR.format(time).getBytes(US_ASCII))
        : element(GENERALIZED_TIME, LONG_YEAR.format(time).getBytes(US_ASCII));
  }

  /** An explicit tag around an element. */
  static byte[] explicit(int number, byte[] element) {
    return element(CONTEXT | CONSTRUCTED | number, element);
  }

  /** An implicit tag in place of a primitive element's own. */
  static byte[] implicit(int number, byte[] content) {
    return element(CONTEXT | number, content);
  }

  /** An object's identifier, as {@code 2.5.29.17}. */
  static byte[] identifier(String dotted) {
    int[] arcs = Arrays.stream(dotted.split("\\.")).mapToInt(Integer::parseInt).toArray();
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(arcs[0] * ARCS + arcs[1]);
    for (int arc : Arrays.copyOfRange(arcs, 2, arcs.length)) {
      for (int shift = (31 - Integer.numberOfLeadingZeros(arc | 1)) / 7 * 7;
          shift > 0;
          shift -= 7) {
        content.write(CONTINUED | ((arc >> shift) & 0x7f));
      }
      content.write(arc & 0x7f);
    }
    return element(OBJECT_IDENTIFIER, content.toByteArray());
  }
}
