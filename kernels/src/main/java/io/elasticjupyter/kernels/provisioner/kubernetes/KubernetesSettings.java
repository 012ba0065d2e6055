// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import java.time.Duration;

/**
 * Whose kernels these are.
 *
 * @param namespace where they live
 * @param gateway the JupyterGateway's name
 * @param key the gateway's, from which its kernels' keys are derived
 * @param callbackPatience how long a launcher may run until it has called the gateway
 * @param replica which of several replicas this is, as kernels that it has note it; empty where
 *     there is but one
 */
public record KubernetesSettings(
    String namespace, String gateway, byte[] key, Duration callbackPatience, String replica) {

  /** Without the key. */
  @Override
  public String toString() {
    return "KubernetesSettings[" + namespace + "/" + gateway + "]";
  }
}
