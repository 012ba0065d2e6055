// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What we write is what the JDK reads; OpenSSL is asked in {@code TransferTlsIT} of kernels. */
final class ServerIdentityTest {

  private static final List<String> NAMES = List.of("gw.team.svc", "gw.team", "gw");
  private static final Instant FROM = Instant.parse("2026-11-28T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2051-11-28T23:59:59Z");

  private final SecureRandom random = new SecureRandom();
  private final ServerIdentity identity = ServerIdentity.fresh(NAMES, FROM, UNTIL, random);

  @Test
  void theCertificateSaysWhatItIsFor() throws Exception {
    X509Certificate certificate = identity.certificate();

    assertThat(certificate.getVersion()).isEqualTo(3);
    assertThat(certificate.getNotBefore().toInstant()).isEqualTo(FROM);
    assertThat(certificate.getNotAfter().toInstant()).as("beyond 2049").isEqualTo(UNTIL);
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=gw.team.svc");
    assertThat(certificate.getIssuerX500Principal())
        .isEqualTo(certificate.getSubjectX500Principal());
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(2, "gw.team.svc"), List.of(2, "gw.team"), List.of(2, "gw"));
    assertThat(certificate.getBasicConstraints()).as("no authority below it").isZero();
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(certificate.getKeyUsage())
        .containsExactly(true, false, false, false, false, true, false, false, false);
    assertThat(certificate.getCriticalExtensionOIDs())
        .containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
    assertThat(certificate.getSerialNumber()).isGreaterThan(BigInteger.TWO.pow(64));
  }

  @Test
  void itIsItsOwnAuthorityAndNoOther() throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    PKIXParameters trusting =
        new PKIXParameters(Set.of(new TrustAnchor(identity.certificate(), null)));
    trusting.setRevocationEnabled(false);
    trusting.setDate(Date.from(FROM.plusSeconds(60)));

    identity.certificate().verify(identity.certificate().getPublicKey());
    assertThat(
            CertPathValidator.getInstance("PKIX")
                .validate(factory.generateCertPath(List.of(identity.certificate())), trusting))
        .isNotNull();
    ServerIdentity other = ServerIdentity.fresh(NAMES, FROM, UNTIL, random);
    assertThatThrownBy(() -> other.certificate().verify(identity.certificate().getPublicKey()))
        .isInstanceOf(SignatureException.class);
    assertThat(other.certificate().getSerialNumber())
        .isNotEqualTo(identity.certificate().getSerialNumber());
  }

  @Test
  void whatIsWrittenIsReadAgain() throws Exception {
    ServerIdentity read = ServerIdentity.read(identity.pem().getBytes(US_ASCII));

    assertThat(read.certificate()).isEqualTo(identity.certificate());
    assertThat(read.until()).isEqualTo(UNTIL);
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(read.key());
    signature.update((byte) 7);
    byte[] signed = signature.sign();
    signature.initVerify(identity.certificate());
    signature.update((byte) 7);
    assertThat(signature.verify(signed)).isTrue();
  }

  @Test
  void theKeyIsInNothingButTheWhole() {
    assertThat(identity.pem()).contains("PRIVATE KEY", "CERTIFICATE");
    assertThat(identity.certificatePem()).doesNotContain("PRIVATE KEY");
    assertThat(identity.toString()).isEqualTo("ServerIdentity[CN=gw.team.svc]");
    assertThat(identity.certificateLine()).doesNotContain("\n");
  }

  @Test
  void itIsForItsOwnNamesAlone() {
    assertThat(identity.isFor(NAMES)).isTrue();
    assertThat(identity.isFor(List.of("gw.other.svc", "gw.other", "gw"))).isFalse();
  }

  @Test
  void whatIsNoIdentityIsRefused() {
    String certificate = identity.certificatePem();
    String broken = identity.pem().replaceFirst("[A-Za-z0-9]{8}", "AAAAAAAA");

    assertThatThrownBy(() -> ServerIdentity.read(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ServerIdentity.read(certificate.getBytes(US_ASCII)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no PRIVATE KEY");
    assertThatThrownBy(() -> ServerIdentity.read(broken.getBytes(US_ASCII)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The bytes that other encoders write. */
  @ParameterizedTest
  @CsvSource({
    "2.5.29.17, 0603551d11",
    "1.2.840.10045.4.3.2, 06082a8648ce3d040302",
    "1.3.6.1.5.5.7.3.1, 06082b06010505070301",
    "2.5.4.0, 0603550400"
  })
  void identifiersAreWrittenInSevenBitsAtATime(String dotted, String hex) {
    assertThat(HexFormat.of().formatHex(Der.identifier(dotted))).isEqualTo(hex);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0400",
    "127, 047f",
    "128, 048180",
    "255, 0481ff",
    "256, 04820100",
    "65536, 0483010000"
  })
  void lengthsAreWrittenInAsFewBytesAsTheyNeed(int length, String head) {
    assertThat(HexFormat.of().formatHex(Der.octets(new byte[length]))).startsWith(head);
    assertThat(Der.octets(new byte[length])).hasSize(head.length() / 2 + length);
  }
}
