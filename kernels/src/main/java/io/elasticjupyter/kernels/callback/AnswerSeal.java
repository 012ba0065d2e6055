// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.callback;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Turns answers into text that may lie where others read it, and back. An answer comes once and has
 * the kernel's signing key in it, so the next gateway must find it in a place that is not secret.
 * AES-256-GCM under a key that is derived from the gateway's. Safe for any thread.
 */
public final class AnswerSeal {

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 32;

  private final SecretKey key;
  private final SecureRandom random;

  /**
   * The seal of one gateway.
   *
   * @param gatewayKey as {@code KernelKeys} takes it
   */
  public AnswerSeal(byte[] gatewayKey, SecureRandom random) {
    this.random = random;
    try {
      this.key =
          KDF.getInstance("HKDF-SHA256")
              .deriveKey(
                  "AES",
                  HKDFParameterSpec.ofExtract()
                      .addIKM(gatewayKey)
                      .thenExpand("elastic-jupyter answers".getBytes(US_ASCII), KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HKDF-SHA256 is part of every JDK 25", e);
    }
  }

  /**
   * The answer as text.
   *
   * @param place what it is of; only with the same it is opened again
   */
  public String close(KernelAnswer answer, String place) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, place).doFinal(answer.document());
      return Base64.getEncoder()
          .encodeToString(
              ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is part of every JDK", e);
    }
  }

  /** The answer; empty where the text is of another place or gateway, or was changed. */
  public Optional<KernelAnswer> open(String text, String place) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
      byte[] nonce = new byte[NONCE_BYTES];
      if (bytes.remaining() < nonce.length) {
        return Optional.empty();
      }
      bytes.get(nonce);
      byte[] sealed = new byte[bytes.remaining()];
      bytes.get(sealed);
      return Optional.of(
          KernelAnswer.parse(cipher(Cipher.DECRYPT_MODE, nonce, place).doFinal(sealed)));
    } catch (GeneralSecurityException | IllegalArgumentException | AnswerRefused _) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String place) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(place.getBytes(UTF_8));
    return cipher;
  }
}
