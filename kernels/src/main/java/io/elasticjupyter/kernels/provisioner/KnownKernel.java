// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.hibernation.PinnedSleep;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A kernel that a provisioner knows without the gateway's state directory.
 *
 * @param record how its process is found
 * @param held how long it held what it is given, as an earlier gateway noted
 * @param asleep what its variables are in, and nowhere else; empty while it is awake
 */
public record KnownKernel(
    KernelId id,
    KernelSpec spec,
    String username,
    Map<String, String> env,
    Instant startedAt,
    ProcessRecord record,
    Optional<PinnedSleep> asleep,
    HeldTime held) {}
