// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.config;

import java.util.Map;
import java.util.Set;

/**
 * What reaches a kernel's environment. Later wins: inherited, the kernelspec's, the client's, the
 * system's.
 *
 * @param clientNames names beside {@code KERNEL_*} that a client may set; {@code *} is all ({@code
 *     EG_CLIENT_ENVS}, formerly {@code EG_ENV_WHITELIST})
 * @param inheritedNames names that a kernel gets from the gateway's own environment ({@code
 *     EG_INHERITED_ENVS}, formerly {@code EG_ENV_PROCESS_WHITELIST})
 * @param own the gateway's own environment
 * @param mirrorWorkingDirectories whether {@code KERNEL_WORKING_DIR} is where a kernel starts
 *     ({@code EG_MIRROR_WORKING_DIRS}); without it the name is dropped
 * @param impersonation told to the kernel as {@code EG_IMPERSONATION_ENABLED}
 */
public record KernelEnvironmentConfig(
    Set<String> clientNames,
    Set<String> inheritedNames,
    Map<String, String> own,
    boolean mirrorWorkingDirectories,
    boolean impersonation) {

  public KernelEnvironmentConfig {
    clientNames = Set.copyOf(clientNames);
    inheritedNames = Set.copyOf(inheritedNames);
    own = Map.copyOf(own);
  }

  public static KernelEnvironmentConfig defaults() {
    return new KernelEnvironmentConfig(Set.of(), Set.of(), Map.of(), false, false);
  }
}
