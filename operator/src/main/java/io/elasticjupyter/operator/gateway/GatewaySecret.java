// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.elasticjupyter.api.CallbackKeys;
import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.api.MountPaths;
import io.elasticjupyter.api.certificate.ServerIdentity;
import io.elasticjupyter.operator.cluster.Owned;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A gateway's token, the key from which its kernels' keys are derived, and the one that launchers
 * encrypt for; made once, kept. Beside them the certificate of its port for snapshots, which is
 * renewed.
 */
public final class GatewaySecret {

  private static final System.Logger LOG = System.getLogger(GatewaySecret.class.getName());

  private static final int BYTES = 32;

  /** Of the certificate. An operator looks at each gateway several times a day. */
  private static final Duration LIFETIME = Duration.ofDays(365);

  private static final Duration RENEWED_BEFORE = Duration.ofDays(120);

  private static final Duration SLOW_CLOCKS = Duration.ofDays(1);

  private GatewaySecret() {}

  public static String name(String gateway) {
    return gateway + "-gateway";
  }

  /** A new secret; written only where there is none, since every client knows the old one. */
  static Secret fresh(JupyterGateway gateway, SecureRandom random, Instant now) {
    byte[] token = new byte[BYTES];
    byte[] key = new byte[BYTES];
    random.nextBytes(token);
    random.nextBytes(key);
    return new SecretBuilder()
        .withMetadata(
            Owned.metadata(
                gateway, name(gateway.getMetadata().getName()), "gateway", Labels.GATEWAY))
        .withData(
            Map.of(
                MountPaths.GATEWAY_TOKEN,
                encode(HexFormat.of().formatHex(token).getBytes(US_ASCII)),
                MountPaths.GATEWAY_KERNEL_KEY,
                encode(key),
                MountPaths.GATEWAY_CALLBACK_KEY,
                encode(CallbackKeys.fresh(random)),
                MountPaths.GATEWAY_CERTIFICATE,
                encode(certificate(gateway, random, now))))
        .build();
  }

  /**
   * Whether nothing has to be made: nothing is missing, as in a secret of an earlier operator, and
   * the certificate is good for a while.
   */
  static boolean isWhole(Secret secret, JupyterGateway gateway, Instant now) {
    return secret.getData().containsKey(MountPaths.GATEWAY_CALLBACK_KEY)
        && hasCertificate(secret, gateway, now);
  }

  /** The secret with what it lacks, and everything else as it is. */
  static Secret mended(Secret secret, JupyterGateway gateway, SecureRandom random, Instant now) {
    SecretBuilder mended = new SecretBuilder(secret);
    if (!secret.getData().containsKey(MountPaths.GATEWAY_CALLBACK_KEY)) {
      mended.addToData(MountPaths.GATEWAY_CALLBACK_KEY, encode(CallbackKeys.fresh(random)));
    }
    if (!hasCertificate(secret, gateway, now)) {
      mended.addToData(MountPaths.GATEWAY_CERTIFICATE, encode(certificate(gateway, random, now)));
    }
    return mended.build();
  }

  private static boolean hasCertificate(Secret secret, JupyterGateway gateway, Instant now) {
    String entry = secret.getData().get(MountPaths.GATEWAY_CERTIFICATE);
    if (entry == null) {
      return false;
    }
    try {
      ServerIdentity found = ServerIdentity.read(Base64.getDecoder().decode(entry));
      return found.isFor(serverNames(gateway)) && found.until().isAfter(now.plus(RENEWED_BEFORE));
    } catch (IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "event=certificate-damaged secret={0} reason={1}",
          secret.getMetadata().getName(),
          e.getMessage());
      return false;
    }
  }

  private static byte[] certificate(JupyterGateway gateway, SecureRandom random, Instant now) {
    return ServerIdentity.fresh(
            serverNames(gateway), now.minus(SLOW_CLOCKS), now.plus(LIFETIME), random)
        .pem()
        .getBytes(US_ASCII);
  }

  /** As its Service is called within the cluster, whatever the cluster's own domain is. */
  private static List<String> serverNames(JupyterGateway gateway) {
    String name = gateway.getMetadata().getName();
    String namespace = gateway.getMetadata().getNamespace();
    return List.of(name, name + "." + namespace, name + "." + namespace + ".svc");
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
