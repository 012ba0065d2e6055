// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api.certificate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's key and its certificate, which is its own authority: whoever is to trust the server is
 * handed the certificate. Both are one text in PEM, so that nobody reads the key of one and the
 * certificate of another.
 *
 * @param key of P-256
 */
public record ServerIdentity(PrivateKey key, X509Certificate certificate) {

  private static final String KEY = "PRIVATE KEY";
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
  private static final int DNS_NAME = 2;

  /**
   * A new one.
   *
   * @param names of the server, no addresses
   */
  public static ServerIdentity fresh(
      List<String> names, Instant from, Instant until, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair keys = generator.generateKeyPair();
      return new ServerIdentity(
          keys.getPrivate(),
          SelfSigned.of(
              keys,
              names,
              from.truncatedTo(ChronoUnit.SECONDS),
              until.truncatedTo(ChronoUnit.SECONDS),
              random));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("P-256 is part of every JDK", e);
    }
  }

  /**
   * Reads what {@link #pem} wrote.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static ServerIdentity read(byte[] pem) {
    String text = new String(pem, ISO_8859_1);
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(block(text, KEY)));
      return new ServerIdentity(key, certificate(block(text, CERTIFICATE)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a key with its certificate: " + e.getMessage(), e);
    }
  }

  private static byte[] block(String pem, String label) {
    Matcher blocks = BLOCK.matcher(pem);
    while (blocks.find()) {
      if (blocks.group(1).equals(label)) {
        return Base64.getMimeDecoder().decode(blocks.group(2));
      }
    }
    throw new IllegalArgumentException("there is no " + label + " in it");
  }

  private static X509Certificate certificate(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /** Key and certificate. */
  public String pem() {
    return block(KEY, key.getEncoded()) + certificatePem();
  }

  /** The certificate alone: who has it trusts the server, and cannot be it. */
  public String certificatePem() {
    return block(CERTIFICATE, encoded());
  }

  /** The same in Base64, in one line. */
  public String certificateLine() {
    return Base64.getEncoder().encodeToString(encoded());
  }

  private byte[] encoded() {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read can be written", e);
    }
  }

  private static String block(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, LINES.encodeToString(der), label);
  }

  /** The end of its time. */
  public Instant until() {
    return certificate.getNotAfter().toInstant();
  }

  /** Whether it is this server's, and no other's. */
  public boolean isFor(List<String> names) {
    try {
      var alternatives = certificate.getSubjectAlternativeNames();
      return alternatives != null
          && alternatives.stream()
              .filter(each -> each.getFirst().equals(DNS_NAME))
              .map(each -> each.getLast())
              .toList()
              .equals(names);
    } catch (CertificateException e) {
      return false;
    }
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "ServerIdentity[" + certificate.getSubjectX500Principal() + "]";
  }
}
