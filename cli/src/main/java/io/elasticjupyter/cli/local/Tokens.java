// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes tokens that nobody guesses. */
public final class Tokens {

  private static final int BYTES = 24;

  private Tokens() {}

  /** 48 hexadecimal digits from the system's randomness. */
  public static String fresh() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
