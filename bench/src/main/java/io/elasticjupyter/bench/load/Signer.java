// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs messages with the key of a connection file (HMAC-SHA-256, hexadecimal). Not thread-safe.
 */
public final class Signer {
  public static final byte[] DELIMITER = "<IDS|MSG>".getBytes(US_ASCII);

  private final Mac mac;

  public Signer(String key) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has HmacSHA256", impossible);
    }
  }

  /** A whole message: delimiter, signature, the four parts. */
  public byte[][] message(byte[] header, byte[] parent, byte[] content) {
    mac.update(header);
    mac.update(parent);
    mac.update(ExecuteRequest.EMPTY);
    mac.update(content);
    byte[] signature = HexFormat.of().formatHex(mac.doFinal()).getBytes(US_ASCII);
    return new byte[][] {DELIMITER, signature, header, parent, ExecuteRequest.EMPTY, content};
  }
}
