// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api.wishes;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names that a client of Enterprise Gateway may give by KERNEL_* variables. There they are filled
 * into a manifest; here each is a plain name or refused, and none makes a client reach further than
 * its gateway's namespace.
 */
public final class ClientNames {

  private static final Pattern USER = Pattern.compile("[^{}\\p{Cntrl}]{1,253}");
  private static final Pattern POD = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private ClientNames() {}

  /**
   * Looks at the names among a kernel's variables.
   *
   * @param namespace of the gateway and its kernels
   */
  public static void check(Map<String, String> env, String namespace) throws WishRefused {
    String user = env.getOrDefault("KERNEL_USERNAME", "");
    if (!user.isEmpty() && !USER.matcher(user).matches()) {
      throw new WishRefused(
          "KERNEL_USERNAME must be a name of at most 253 characters without braces, which would be"
              + " a template.");
    }
    String pod = env.getOrDefault("KERNEL_POD_NAME", "");
    if (!pod.isEmpty() && !POD.matcher(pod).matches()) {
      throw new WishRefused(
          "KERNEL_POD_NAME must be a plain name of lower-case letters, digits and hyphens;"
              + " templates are not filled in. Leave it away: Pods are named by user and kernel"
              + " id.");
    }
    String wished = env.getOrDefault("KERNEL_NAMESPACE", "");
    if (!wished.isEmpty() && !wished.equals(namespace)) {
      throw new WishRefused(
          "KERNEL_NAMESPACE is not %s, the only namespace that kernels of this gateway run in."
              .formatted(namespace));
    }
    if (!env.getOrDefault("KERNEL_SERVICE_ACCOUNT_NAME", "").isEmpty()) {
      throw new WishRefused(
          "KERNEL_SERVICE_ACCOUNT_NAME is set, but the account of a kernel is that of its"
              + " JupyterKernelTemplate; ask the administrator for a kernelspec with it.");
    }
  }
}
