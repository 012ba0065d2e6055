// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.elasticjupyter.wire.zmtp.ZmtpException.MechanismMismatch;
import io.elasticjupyter.wire.zmtp.ZmtpException.NotZmtp;
import io.elasticjupyter.wire.zmtp.ZmtpException.VersionTooOld;
import java.io.IOException;

/**
 * The first 64 bytes of either side (RFC 37, "Version negotiation"): signature (10), version (2),
 * mechanism (20), as-server (1), filler (31).
 *
 * @param major at least 3; a higher one talks to us in version 3
 */
record Greeting(int major, int minor) {

  static final int BYTES = 64;

  private static final int MAJOR = 3;
  private static final int MINOR = 1;
  private static final int PADDING_BYTES = 8;
  private static final int MECHANISM_BYTES = 20;
  private static final int REST_BYTES = 32;
  private static final String MECHANISM = "NULL";

  static byte[] ours() {
    byte[] bytes = new byte[BYTES];
    bytes[0] = (byte) 0xff;
    bytes[9] = 0x7f;
    bytes[10] = MAJOR;
    bytes[11] = MINOR;
    byte[] mechanism = MECHANISM.getBytes(US_ASCII);
    System.arraycopy(mechanism, 0, bytes, 12, mechanism.length);
    return bytes;
  }

  /**
   * Reads no further than needed to know that the peer is none of ours: one of ZMTP 1 or 2, or of
   * another protocol, would never send all 64 bytes.
   */
  static Greeting read(ReceiveBuffer source) throws IOException {
    int first = source.next();
    if (first != 0xff) {
      throw new NotZmtp("First byte is 0x" + Integer.toHexString(first) + ", not 0xff.");
    }
    source.take(PADDING_BYTES);
    int tenth = source.next();
    if (tenth != 0x7f) {
      throw new NotZmtp("Tenth byte is 0x" + Integer.toHexString(tenth) + ", not 0x7f.");
    }
    int major = source.next();
    if (major < MAJOR) {
      // ZMTP 2.0 writes its revision, 1, where later versions have the major number.
      throw new VersionTooOld(Math.max(1, major == 1 ? 2 : major));
    }
    int minor = source.next();
    String mechanism = mechanism(source.take(MECHANISM_BYTES));
    if (!mechanism.equals(MECHANISM)) {
      throw new MechanismMismatch(mechanism);
    }
    source.take(REST_BYTES);
    return new Greeting(major, minor);
  }

  /** Whether the peer knows the commands of ZMTP 3.1: SUBSCRIBE, CANCEL, PING and PONG. */
  boolean knowsSubscribe() {
    return major > MAJOR || minor >= MINOR;
  }

  private static String mechanism(byte[] field) {
    int end = 0;
    while (end < field.length && field[end] > ' ' && field[end] < 0x7f) {
      end++;
    }
    for (int i = end; i < field.length; i++) {
      if (field[i] != 0) {
        return "(not printable)";
      }
    }
    return new String(field, 0, end, US_ASCII);
  }
}
