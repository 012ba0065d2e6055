// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be run.
 *
 * @param env what the client gave, laid over the kernelspec's
 * @param workingDirectory empty for the provisioner's choice
 * @param folder the kernel's own, where its connection file and its output are kept
 */
public record LaunchRequest(
    KernelId id,
    KernelSpec spec,
    Map<String, String> env,
    Optional<Path> workingDirectory,
    Path folder) {}
