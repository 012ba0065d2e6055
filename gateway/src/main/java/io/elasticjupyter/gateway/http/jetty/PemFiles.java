// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http.jetty;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys out of PEM files (RFC 7468). */
final class PemFiles {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  /** Version 0 and the algorithm rsaEncryption, which stand before a PKCS#1 key in PKCS#8. */
  private static final byte[] RSA_PREFIX =
      HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  private static final byte SEQUENCE = 0x30;
  private static final byte OCTET_STRING = 0x04;

  private PemFiles() {}

  static List<X509Certificate> certificates(Path file) throws IOException, CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    for (Certificate certificate :
        factory.generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      certificates.add((X509Certificate) certificate);
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("no certificate in " + file);
    }
    return certificates;
  }

  static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    while (block.find()) {
      String label = block.group(1);
      if (label.equals("PRIVATE KEY")) {
        return pkcs8(decoded(block.group(2)), file);
      }
      if (label.equals("RSA PRIVATE KEY")) {
        return pkcs8(wrapped(decoded(block.group(2))), file);
      }
      if (label.endsWith("PRIVATE KEY")) {
        throw new InvalidKeySpecException(
            label
                + " in "
                + file
                + " is not supported; convert it with: openssl pkcs8 -topk8"
                + " -nocrypt");
      }
    }
    throw new InvalidKeySpecException("no private key in " + file);
  }

  private static byte[] decoded(String base64) {
    return Base64.getMimeDecoder().decode(base64);
  }

  private static PrivateKey pkcs8(byte[] der, Path file) throws GeneralSecurityException {
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException _) {
        // Another algorithm's key: the next one may read it.
      }
    }
    throw new InvalidKeySpecException(
        "the private key in " + file + " is of none of " + KEY_ALGORITHMS);
  }

  private static byte[] wrapped(byte[] pkcs1) {
    byte[] key = element(OCTET_STRING, pkcs1);
    byte[] inner = new byte[RSA_PREFIX.length + key.length];
    System.arraycopy(RSA_PREFIX, 0, inner, 0, RSA_PREFIX.length);
    System.arraycopy(key, 0, inner, RSA_PREFIX.length, key.length);
    return element(SEQUENCE, inner);
  }

  /** One DER element; keys are between 256 and 65,535 bytes long, so two length bytes do. */
  private static byte[] element(byte tag, byte[] content) {
    ByteArrayOutputStream der = new ByteArrayOutputStream();
    der.write(tag);
    der.write(0x82);
    der.write(content.length >> 8);
    der.write(content.length);
    der.writeBytes(content);
    return der.toByteArray();
  }
}
