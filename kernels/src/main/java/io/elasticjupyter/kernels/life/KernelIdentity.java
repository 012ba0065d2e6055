// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.kernels.store.KernelFolder;
import io.elasticjupyter.kernels.store.KernelRecord;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stays the same about a kernel from its request to its end.
 *
 * @param zmqIdentity how the kernel knows the gateway, the same after a restart of the gateway
 */
public record KernelIdentity(
    KernelId id,
    KernelSpec spec,
    String username,
    Map<String, String> env,
    Optional<Path> workingDirectory,
    Instant startedAt,
    String zmqIdentity,
    KernelFolder folder) {

  byte[] zmqIdentityBytes() {
    return zmqIdentity.getBytes(StandardCharsets.US_ASCII);
  }

  LaunchRequest launchRequest() {
    return new LaunchRequest(id, spec, env, workingDirectory, folder.path());
  }

  KernelRecord record(
      @Nullable ProcessRecord process,
      boolean answered,
      @Nullable String deadReason,
      boolean deleting) {
    return new KernelRecord(
        id.value(),
        spec.name(),
        spec.directory().toString(),
        spec.document(),
        username,
        env,
        workingDirectory.map(Path::toString).orElse(null),
        zmqIdentity,
        startedAt,
        process,
        answered,
        deadReason,
        deleting);
  }
}
