// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A kernel that somebody asks for, checked already: names, limits and environment rules are the
 * gateway's.
 *
 * @param id the id it shall have; empty for a new one
 * @param spec what to start
 * @param username who asks, {@code KERNEL_USERNAME}; empty where nobody is named
 * @param env the environment that the client gave, already filtered; laid over the kernelspec's
 * @param workingDirectory where it starts; empty for the gateway's own choice
 */
public record StartRequest(
    Optional<KernelId> id,
    KernelSpec spec,
    String username,
    Map<String, String> env,
    Optional<Path> workingDirectory) {

  public StartRequest {
    env = Map.copyOf(env);
  }
}
