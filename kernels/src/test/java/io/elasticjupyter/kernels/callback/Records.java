// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.callback;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.api.CallbackKeys;
import io.elasticjupyter.kernels.KernelId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Records of launchers. Those in files were made by {@code server_listener.py} of
 * gateway_provisioners 0.5.0, and for version 0 as Enterprise Gateway 2 padded and encrypted.
 */
final class Records {

  static final KernelId KERNEL = new KernelId("219cfd49-89ad-428c-8e0d-3e61e15d79a7");
  static final String SIGNING_KEY = "2f6b1d64-0000-4e1e-a3a5-2f3f7e1f9a11";

  private static final byte[] GATEWAY_KEY =
      Base64.getMimeDecoder().decode(file("gateway-key.base64"));

  private Records() {}

  static PrivateKey gatewayKey() {
    return CallbackKeys.privateKey(GATEWAY_KEY);
  }

  static byte[] ofLauncher() {
    return file("record-version-1.base64");
  }

  static byte[] ofOldLauncher() {
    return file("record-version-0.base64");
  }

  /** What a launcher would send that has this to say. */
  static byte[] of(String document) {
    return of(1, document, new byte[16]);
  }

  static byte[] of(int version, String document, byte[] aesKey) {
    try {
      Cipher rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
      rsa.init(Cipher.ENCRYPT_MODE, publicKey());
      Cipher aes = Cipher.getInstance("AES/ECB/PKCS5Padding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(aesKey, "AES"));
      String envelope =
          "{\"version\": %d, \"key\": \"%s\", \"conn_info\": \"%s\"}"
              .formatted(
                  version,
                  Base64.getEncoder().encodeToString(rsa.doFinal(aesKey)),
                  Base64.getEncoder().encodeToString(aes.doFinal(document.getBytes(UTF_8))));
      return Base64.getEncoder().encode(envelope.getBytes(US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PublicKey publicKey() throws GeneralSecurityException {
    return KeyFactory.getInstance("RSA")
        .generatePublic(
            new X509EncodedKeySpec(
                Base64.getDecoder().decode(CallbackKeys.publicKey(GATEWAY_KEY))));
  }

  /** A connection file that is as it should be but for one replacement. */
  static String document(String replaced, String replacement) {
    String document =
        """
        {"shell_port": 40001, "iopub_port": 40002, "stdin_port": 40003, "control_port": 40004,
         "hb_port": 40005, "ip": "0.0.0.0", "key": "secret", "transport": "tcp",
         "signature_scheme": "hmac-sha256", "comm_port": 40006,
         "kernel_id": "219cfd49-89ad-428c-8e0d-3e61e15d79a7"}
        """;
    if (!document.contains(replaced)) {
      throw new IllegalArgumentException(replaced);
    }
    return document.replace(replaced, replacement);
  }

  private static byte[] file(String name) {
    try (InputStream in = Records.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
