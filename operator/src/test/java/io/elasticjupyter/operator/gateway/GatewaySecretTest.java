// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.certificate.ServerIdentity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GatewaySecretTest {

  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final JupyterGateway GATEWAY = Gateways.of(null);

  private final SecureRandom random = new SecureRandom();
  private final Secret fresh = GatewaySecret.fresh(GATEWAY, random, NOW);

  private static ServerIdentity certificate(Secret secret) {
    return ServerIdentity.read(Base64.getDecoder().decode(secret.getData().get("snapshots.pem")));
  }

  @Test
  void everyGatewayHasATokenAndKeysOfItsOwn() {
    Secret other = GatewaySecret.fresh(GATEWAY, random, NOW);

    assertThat(other.getData()).hasSameSizeAs(fresh.getData());
    assertThat(other.getData().values()).doesNotContainAnyElementsOf(fresh.getData().values());
  }

  @Test
  void aFreshSecretIsWholeAndItsCertificateIsTheServicesNow() {
    assertThat(GatewaySecret.isWhole(fresh, GATEWAY, NOW)).isTrue();
    assertThat(certificate(fresh).isFor(List.of("gw", "gw.team", "gw.team.svc"))).isTrue();
    assertThat(certificate(fresh).certificate().getNotBefore()).isBefore(NOW);
    assertThat(certificate(fresh).until()).isEqualTo(NOW.plus(Duration.ofDays(365)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"callback-key", "snapshots.pem"})
  void aSecretOfAnEarlierOperatorGetsWhatItLacksAndKeepsTheOthers(String entry) {
    Secret earlier = new SecretBuilder(fresh).removeFromData(entry).build();

    assertThat(GatewaySecret.isWhole(earlier, GATEWAY, NOW)).isFalse();
    Secret mended = GatewaySecret.mended(earlier, GATEWAY, random, NOW);
    assertThat(mended.getData()).containsAllEntriesOf(earlier.getData()).containsKey(entry);
    assertThat(GatewaySecret.isWhole(mended, GATEWAY, NOW)).isTrue();
  }

  @Test
  void theCertificateIsRenewedLongBeforeItEndsAndNothingElseIs() {
    Instant later = NOW.plus(Duration.ofDays(365 - 119));

    assertThat(GatewaySecret.isWhole(fresh, GATEWAY, later.minus(Duration.ofDays(2)))).isTrue();
    assertThat(GatewaySecret.isWhole(fresh, GATEWAY, later)).isFalse();
    Secret renewed = GatewaySecret.mended(fresh, GATEWAY, random, later);
    assertThat(GatewaySecret.isWhole(renewed, GATEWAY, later)).isTrue();
    assertThat(certificate(renewed).until()).isAfter(certificate(fresh).until());
    assertThat(renewed.getData())
        .containsEntry("token", fresh.getData().get("token"))
        .containsEntry("kernel-key", fresh.getData().get("kernel-key"))
        .containsEntry("callback-key", fresh.getData().get("callback-key"));
  }

  @Test
  void aCertificateThatIsDamagedOrAnotherServersIsReplaced() {
    String damaged = Base64.getEncoder().encodeToString("no PEM".getBytes(US_ASCII));
    String another =
        Base64.getEncoder()
            .encodeToString(
                ServerIdentity.fresh(List.of("other"), NOW, NOW.plus(Duration.ofDays(365)), random)
                    .pem()
                    .getBytes(US_ASCII));

    for (String entry : List.of(damaged, another)) {
      Secret bad = new SecretBuilder(fresh).addToData("snapshots.pem", entry).build();
      assertThat(GatewaySecret.isWhole(bad, GATEWAY, NOW)).isFalse();
      assertThat(
              GatewaySecret.isWhole(GatewaySecret.mended(bad, GATEWAY, random, NOW), GATEWAY, NOW))
          .isTrue();
    }
  }
}
