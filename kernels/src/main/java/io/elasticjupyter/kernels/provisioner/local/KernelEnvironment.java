// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.elasticjupyter.wire.kernelspec.CommandLine;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A kernel's environment: what the gateway passes on, then the kernelspec's, then the client's,
 * then what the system owns.
 */
final class KernelEnvironment {

  /**
   * Not for kernels: the gateway's tokens, and what would tie a kernel to the gateway's life:
   * ipykernel ends itself when the process of JPY_PARENT_PID is gone.
   */
  private static final Set<String> WITHHELD =
      Set.of(
          "EG_AUTH_TOKEN",
          "KG_AUTH_TOKEN",
          "JPY_PARENT_PID",
          "JPY_API_TOKEN",
          "JUPYTER_GATEWAY_AUTH_TOKEN",
          "JUPYTER_TOKEN");

  private KernelEnvironment() {}

  static Map<String, String> of(LaunchRequest request, Map<String, String> inherited) {
    Map<String, String> env = new HashMap<>(inherited);
    WITHHELD.forEach(env::remove);
    env.putAll(CommandLine.environment(request.spec(), env));
    env.putAll(request.env());
    env.put("KERNEL_GATEWAY", "1");
    env.put("KERNEL_ID", request.id().value());
    if (!request.spec().env().containsKey("KERNEL_LANGUAGE")) {
      env.put("KERNEL_LANGUAGE", request.spec().language());
    }
    WITHHELD.forEach(env::remove);
    return Map.copyOf(env);
  }
}
