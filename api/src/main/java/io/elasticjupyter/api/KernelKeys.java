// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Keys by which kernels sign their messages. Each is derived from the gateway's key, so that the
 * gateway needs no right to read Secrets, and any replica can talk to any kernel.
 */
public final class KernelKeys {

  private static final int BYTES = 32;

  private KernelKeys() {}

  /**
   * The key of one kernel, as its connection file has it: 64 hexadecimal digits.
   *
   * @param gatewayKey at least 16 random bytes
   */
  public static String derive(byte[] gatewayKey, String namespace, String kernelId) {
    if (gatewayKey.length < BYTES / 2) {
      throw new IllegalArgumentException("a gateway's key has at least 16 bytes");
    }
    byte[] info =
        ("elastic-jupyter kernel " + namespace + "/" + kernelId).getBytes(StandardCharsets.UTF_8);
    try {
      byte[] key =
          KDF.getInstance("HKDF-SHA256")
              .deriveData(HKDFParameterSpec.ofExtract().addIKM(gatewayKey).thenExpand(info, BYTES));
      return HexFormat.of().formatHex(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HKDF-SHA256 is part of every JDK 25", e);
    }
  }
}
