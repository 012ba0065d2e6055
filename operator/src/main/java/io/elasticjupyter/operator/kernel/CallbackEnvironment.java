// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.JupyterKernel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What Enterprise Gateway's start script, {@code bootstrap-kernel.sh}, wants to find in a kernel's
 * container, and the labels by which its users' tools find such Pods.
 */
final class CallbackEnvironment {

  /** A Pod has its ports for itself, so its launcher may take any. */
  static final String ANY_PORT = "0..0";

  static final Map<String, String> LABELS =
      Map.of("app", "enterprise-gateway", "component", "kernel");

  private CallbackEnvironment() {}

  static Map<String, String> of(JupyterKernel kernel, Launch.Callback callback) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("KERNEL_NAME", Objects.requireNonNullElse(kernel.getSpec().kernelSpec(), ""));
    put(env, "RESPONSE_ADDRESS", callback.responseAddress());
    put(env, "PUBLIC_KEY", callback.publicKey());
    put(env, "PORT_RANGE", ANY_PORT);
    return env;
  }

  /** Also under the name that older scripts read. */
  private static void put(Map<String, String> env, String name, String value) {
    env.put(name, value);
    env.put("EG_" + name, value);
  }
}
