// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import io.elasticjupyter.api.CallbackKeys;
import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.api.MountPaths;
import io.elasticjupyter.operator.cluster.Owned;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/**
 * A gateway's token, the key from which its kernels' keys are derived, and the one that launchers
 * encrypt for; made once, kept.
 */
public final class GatewaySecret {

  private static final int BYTES = 32;

  private GatewaySecret() {}

  public static String name(String gateway) {
    return gateway + "-gateway";
  }

  /** A new secret; written only where there is none, since every client knows the old one. */
  static Secret fresh(JupyterGateway gateway, SecureRandom random) {
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
                encode(HexFormat.of().formatHex(token).getBytes(StandardCharsets.US_ASCII)),
                MountPaths.GATEWAY_KERNEL_KEY,
                encode(key),
                MountPaths.GATEWAY_CALLBACK_KEY,
                encode(CallbackKeys.fresh(random))))
        .build();
  }

  /** Whether a secret is of an operator that knew no callbacks yet. */
  static boolean lacksCallbackKey(Secret secret) {
    return !secret.getData().containsKey(MountPaths.GATEWAY_CALLBACK_KEY);
  }

  /** The secret with such a key. */
  static Secret withCallbackKey(Secret secret, SecureRandom random) {
    return new SecretBuilder(secret)
        .addToData(MountPaths.GATEWAY_CALLBACK_KEY, encode(CallbackKeys.fresh(random)))
        .build();
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
