// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Writes a certificate of a server that is its own authority (RFC 5280). Pure. */
final class SelfSigned {

  private static final byte[] ECDSA_WITH_SHA256 =
      Der.sequence(Der.identifier("1.2.840.10045.4.3.2"));
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String SUBJECT_KEY = "2.5.29.14";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String EXTENDED_USAGE = "2.5.29.37";
  private static final String SERVERS = "1.3.6.1.5.5.7.3.1";

  private static final BigInteger VERSION_3 = BigInteger.TWO;
  private static final int DNS_NAME = 2;

  /** Positive, and with more than 64 bits of chance. */
  private static final int SERIAL_BITS = 127;

  /** Bits 0 and 5: the key signs what a server says, and this one certificate. */
  private static final byte SIGNS = (byte) 0b1000_0100;

  private SelfSigned() {}

  /**
   * A certificate for a pair of P-256 keys.
   *
   * @param names of the server; the first is also what the certificate is called
   * @param from in whole seconds, as {@code until}
   */
  static X509Certificate of(
      KeyPair keys, List<String> names, Instant from, Instant until, SecureRandom random)
      throws GeneralSecurityException {
    byte[] name =
        Der.sequence(
            Der.set(Der.sequence(Der.identifier(COMMON_NAME), Der.text(names.getFirst()))));
    byte[] content =
        Der.sequence(
            Der.explicit(0, Der.integer(VERSION_3)),
            Der.integer(new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1)),
            ECDSA_WITH_SHA256,
            name,
            Der.sequence(Der.time(from), Der.time(until)),
            name,
            keys.getPublic().getEncoded(),
            Der.explicit(3, extensions(keys.getPublic(), names)));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate(), random);
    signature.update(content);
    byte[] whole = Der.sequence(content, ECDSA_WITH_SHA256, Der.bits(signature.sign(), 0));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(whole));
  }

  /**
   * It may sign, since verifiers look for its issuer, and find itself; but no further authority.
   */
  private static byte[] extensions(PublicKey key, List<String> names)
      throws GeneralSecurityException {
    byte[][] alternatives =
        names.stream()
            .map(each -> Der.implicit(DNS_NAME, each.getBytes(US_ASCII)))
            .toArray(byte[][]::new);
    byte[] digest = MessageDigest.getInstance("SHA-1").digest(key.getEncoded());
    return Der.sequence(
        critical(BASIC_CONSTRAINTS, Der.sequence(Der.yes(), Der.integer(BigInteger.ZERO))),
        critical(KEY_USAGE, Der.bits(new byte[] {SIGNS}, 2)),
        extension(EXTENDED_USAGE, Der.sequence(Der.identifier(SERVERS))),
        extension(SUBJECT_KEY, Der.octets(digest)),
        extension(ALTERNATIVE_NAMES, Der.sequence(alternatives)));
  }

  private static byte[] extension(String identifier, byte[] content) {
    return Der.sequence(Der.identifier(identifier), Der.octets(content));
  }

  private static byte[] critical(String identifier, byte[] content) {
    return Der.sequence(Der.identifier(identifier), Der.yes(), Der.octets(content));
  }
}
