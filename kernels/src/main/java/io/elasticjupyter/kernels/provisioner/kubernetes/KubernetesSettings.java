// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

/**
 * Whose kernels these are.
 *
 * @param namespace where they live
 * @param gateway the JupyterGateway's name
 * @param key the gateway's, from which its kernels' keys are derived
 */
public record KubernetesSettings(String namespace, String gateway, byte[] key) {

  /** Without the key. */
  @Override
  public String toString() {
    return "KubernetesSettings[" + namespace + "/" + gateway + "]";
  }
}
