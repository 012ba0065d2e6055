// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.config;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which kernels may be started, how many, and by whom.
 *
 * @param defaultKernelName what a request without a name starts ({@code EG_DEFAULT_KERNEL_NAME})
 * @param forceKernelName started whatever the request names ({@code KG_FORCE_KERNEL_NAME})
 * @param allowedKernels kernelspecs that exist for clients; empty is all ({@code
 *     EG_ALLOWED_KERNELS})
 * @param listKernels whether GET of all kernels and sessions answers ({@code EG_LIST_KERNELS})
 * @param maxKernels kernels at a time, starting ones counted ({@code EG_MAX_KERNELS})
 * @param maxKernelsPerUser the same for one {@code KERNEL_USERNAME} ({@code
 *     EG_MAX_KERNELS_PER_USER})
 * @param unauthorizedUsers users who get no kernel ({@code EG_UNAUTHORIZED_USERS})
 * @param authorizedUsers where not empty, the only users who do ({@code EG_AUTHORIZED_USERS})
 * @param prohibitedUids values that {@code KERNEL_UID} must not have ({@code EG_PROHIBITED_UIDS})
 * @param prohibitedGids values that {@code KERNEL_GID} must not have ({@code EG_PROHIBITED_GIDS})
 */
public record KernelAccessConfig(
    String defaultKernelName,
    Optional<String> forceKernelName,
    Set<String> allowedKernels,
    boolean listKernels,
    OptionalInt maxKernels,
    OptionalInt maxKernelsPerUser,
    Set<String> unauthorizedUsers,
    Set<String> authorizedUsers,
    Set<Long> prohibitedUids,
    Set<Long> prohibitedGids) {

  public KernelAccessConfig {
    forceKernelName = forceKernelName.filter(value -> !value.isEmpty());
    allowedKernels = Set.copyOf(allowedKernels);
    unauthorizedUsers = Set.copyOf(unauthorizedUsers);
    authorizedUsers = Set.copyOf(authorizedUsers);
    prohibitedUids = Set.copyOf(prohibitedUids);
    prohibitedGids = Set.copyOf(prohibitedGids);
  }

  public static KernelAccessConfig defaults() {
    return new KernelAccessConfig(
        "python3",
        Optional.empty(),
        Set.of(),
        true,
        OptionalInt.empty(),
        OptionalInt.empty(),
        Set.of("root"),
        Set.of(),
        Set.of(0L),
        Set.of(0L));
  }
}
