// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;

/**
 * The pair of RSA keys by which kernels in callback mode tell a gateway how they are reached. The
 * private one is in the gateway's Secret, so that a new gateway understands who was told of the old
 * one's.
 */
public final class CallbackKeys {

  /** Enterprise Gateway has 1024; its launchers take any length. */
  private static final int BITS = 2048;

  private static final String ALGORITHM = "RSA";

  private CallbackKeys() {}

  /** A new private key, as PKCS#8; takes some tenths of a second. */
  public static byte[] fresh(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(BITS, random);
      return generator.generateKeyPair().getPrivate().getEncoded();
    } catch (GeneralSecurityException e) {
      throw impossible(e);
    }
  }

  /**
   * The key that {@link #fresh} made.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static PrivateKey privateKey(byte[] encoded) {
    return crtKey(encoded);
  }

  /** The public half, as launchers take it: a SubjectPublicKeyInfo in Base64, in one line. */
  public static String publicKey(byte[] encodedPrivateKey) {
    RSAPrivateCrtKey key = crtKey(encodedPrivateKey);
    try {
      return Base64.getEncoder()
          .encodeToString(
              KeyFactory.getInstance(ALGORITHM)
                  .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
                  .getEncoded());
    } catch (GeneralSecurityException e) {
      throw impossible(e);
    }
  }

  private static RSAPrivateCrtKey crtKey(byte[] encoded) {
    try {
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      if (key instanceof RSAPrivateCrtKey crtKey) {
        return crtKey;
      }
      throw new IllegalArgumentException("an RSA key without its public half");
    } catch (InvalidKeySpecException e) {
      throw new IllegalArgumentException("not a private RSA key in PKCS#8", e);
    } catch (GeneralSecurityException e) {
      throw impossible(e);
    }
  }

  private static IllegalStateException impossible(GeneralSecurityException e) {
    return new IllegalStateException("RSA is part of every JDK", e);
  }
}
