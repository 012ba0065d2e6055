// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.kernels.store.KernelFolder;
import io.elasticjupyter.kernels.store.KernelRecord;
import io.elasticjupyter.kernels.store.SleepRecord;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stays the same about a kernel from its request to its end; and its kernelspec, which a move
 * replaces. Safe for any thread.
 */
public final class KernelIdentity {

  private static final String PREFIX = "gateway-";

  private final KernelId id;
  private final String username;
  private final Map<String, String> env;
  private final Optional<Path> workingDirectory;
  private final Instant startedAt;
  private final String zmqIdentity;
  private final Optional<String> earlierZmqIdentity;
  private final KernelFolder folder;
  private volatile KernelSpec spec;

  /**
   * @param zmqIdentity how the kernel knows this run of the gateway; also the session of the
   *     gateway's own questions
   * @param earlierZmqIdentity how it knew the run before, for what that run had in flight
   */
  public KernelIdentity(
      KernelId id,
      KernelSpec spec,
      String username,
      Map<String, String> env,
      Optional<Path> workingDirectory,
      Instant startedAt,
      String zmqIdentity,
      Optional<String> earlierZmqIdentity,
      KernelFolder folder) {
    this.id = id;
    this.spec = spec;
    this.username = username;
    this.env = Map.copyOf(env);
    this.workingDirectory = workingDirectory;
    this.startedAt = startedAt;
    this.zmqIdentity = zmqIdentity;
    this.earlierZmqIdentity = earlierZmqIdentity;
    this.folder = folder;
  }

  public KernelId id() {
    return id;
  }

  /** What its process is started from, the next time that it is. */
  public KernelSpec spec() {
    return spec;
  }

  /** Lets its next process be started from another kernelspec. By the kernel's own thread. */
  void moveTo(KernelSpec other) {
    spec = other;
  }

  public String username() {
    return username;
  }

  Map<String, String> env() {
    return env;
  }

  public Instant startedAt() {
    return startedAt;
  }

  String zmqIdentity() {
    return zmqIdentity;
  }

  Optional<String> earlierZmqIdentity() {
    return earlierZmqIdentity;
  }

  public KernelFolder folder() {
    return folder;
  }

  /** A new ZeroMQ identity. */
  public static String newZmqIdentity(String unique) {
    return PREFIX + unique;
  }

  /** Whether a header's session is that of a gateway, this run's or an earlier one's. */
  static boolean isGateway(String session) {
    return session.startsWith(PREFIX);
  }

  Optional<byte[]> earlierZmqIdentityBytes() {
    return earlierZmqIdentity.map(identity -> identity.getBytes(StandardCharsets.US_ASCII));
  }

  byte[] zmqIdentityBytes() {
    return zmqIdentity.getBytes(StandardCharsets.US_ASCII);
  }

  public LaunchRequest launchRequest() {
    return new LaunchRequest(id, spec, env, workingDirectory, folder.path());
  }

  /** How the kernel is noted on disk now. */
  public KernelRecord record(
      @Nullable ProcessRecord process,
      boolean answered,
      @Nullable String deadReason,
      boolean deleting,
      SleepRecord sleep,
      HeldTime held) {
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
        deleting,
        sleep,
        held);
  }
}
