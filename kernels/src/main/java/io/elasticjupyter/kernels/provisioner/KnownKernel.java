// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.time.Instant;
import java.util.Map;

/**
 * A kernel that a provisioner knows without the gateway's state directory.
 *
 * @param record how its process is found
 */
public record KnownKernel(
    KernelId id,
    KernelSpec spec,
    String username,
    Map<String, String> env,
    Instant startedAt,
    ProcessRecord record) {}
