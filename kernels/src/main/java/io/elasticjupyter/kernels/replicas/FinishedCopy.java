// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import io.elasticjupyter.kernels.link.FollowedOutput;
import io.elasticjupyter.kernels.store.KernelStore;
import java.util.Optional;

/**
 * A copy of another gateway's kernel that has become this gateway's.
 *
 * @param found its folder here
 * @param output what the kernel said since; empty where nobody listened
 */
public record FinishedCopy(KernelStore.Found found, Optional<FollowedOutput> output) {}
